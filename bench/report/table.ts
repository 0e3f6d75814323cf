/** Rows as a table in Markdown; a column for each key, in the order in which they come. What a row lacks stays empty. */
export function markdownTable(rows: readonly Record<string, unknown>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const isNumber = (column: string): boolean =>
    rows.every((row) => ['number', 'undefined'].includes(typeof row[column]));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(cellText)),
    `|${columns.map((column) => (isNumber(column) ? '--:' : '---')).join('|')}|`,
    ...rows.map((row) => line(columns.map((column) => cellText(row[column])))),
  ].join('\n');
}

/** In a cell of such a table, or a line of such a text. */
export const cellText = (value: unknown): string =>
  plainText(value).replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');

export function plainText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return figure(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export const figure = (value: number): string =>
  Number.isFinite(value) ? value.toLocaleString('en-US', { maximumFractionDigits: 2 }) : '–';
