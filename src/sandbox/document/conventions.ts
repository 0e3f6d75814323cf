/** How a document writes what could be read in two ways. */
export interface Conventions {
  /** The decimal separator. */
  decimal: '.' | ',';
  /** True when 03/04/2024 is the third of April. */
  dayFirst: boolean;
}

/** Counts the numbers and dates that can be read in one way only. Default: decimal point, month first with slashes. */
export function findConventions(text: string): Conventions {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const comma = count(/\d\.\d{3},\d{1,2}\b/g) * 3 + count(/(?<![\d.,])\d{1,6},\d{2}(?![\d,])/g);
  const point = count(/\d,\d{3}\.\d{1,2}\b/g) * 3 + count(/(?<![\d.,])\d{1,6}\.\d{2}(?![\d.])/g);
  const decimal = comma > point ? ',' : '.';
  const dayFirst = count(/\b(1[3-9]|2\d|3[01])[/.-]\d{1,2}[/.-]\d{2,4}\b/g);
  const monthFirst = count(/\b\d{1,2}[/.-](1[3-9]|2\d|3[01])[/.-]\d{2,4}\b/g);
  return { decimal, dayFirst: dayFirst === monthFirst ? decimal === ',' : dayFirst > monthFirst };
}
