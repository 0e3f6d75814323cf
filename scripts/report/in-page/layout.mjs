// Evaluated in the report's page. Nothing sticks out of it, and every chart has a name and something drawn in it.
(() => {
  const found = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} px wide in ${clientWidth}`);
  for (const svg of document.querySelectorAll('svg')) {
    const name = svg.getAttribute('aria-label') ?? '';
    if (name === '') found.push('a chart has no name');
    const marks = [...svg.querySelectorAll('rect, path')];
    if (!marks.some((mark) => mark.getBBox().width > 0)) found.push(`${name}: nothing is drawn`);
    const outer = svg.getBoundingClientRect();
    for (const part of [...marks, ...svg.querySelectorAll('text')]) {
      const inner = part.getBoundingClientRect();
      if (inner.right > outer.right + 2 || inner.left < outer.left - 2) found.push(`${name}: sticks out`);
    }
  }
  return found;
})();
