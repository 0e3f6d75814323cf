// Evaluated in the report's page. Texts against their page, by WCAG's formula: 4.5 : 1 at least.
(() => {
  const light = (color) => {
    const [r, g, b] = color
      .match(/[\d.]+/g)
      .slice(0, 3)
      .map((value) => Number(value) / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  return ['h1', 'p', 'th', 'td', 'pre', '.dim', 'summary'].flatMap((kind) => {
    const element = document.querySelector(kind);
    if (element === null) return [];
    const ink = light(getComputedStyle(element).color);
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    return contrast < 4.5 ? [`${kind}: contrast ${contrast.toFixed(1)}`] : [];
  });
})();
