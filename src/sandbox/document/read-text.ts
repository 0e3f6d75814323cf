import type { RawPage } from './build-pages.js';
import type { TextItem } from './types.js';

/** Text is laid out as on a typewriter, so that the same code reads it as reads a PDF. */
const SIZE = 10;
const CHARACTER = 6;
const LEADING = 12;
const LINES_PER_PAGE = 60;
const MARGIN = 36;

/** Pages end at form feeds and after 60 lines. Commas of a csv, tabs and runs of two or more spaces separate cells. */
export function readText(bytes: Uint8Array): RawPage[] {
  const text = new TextDecoder()
    .decode(bytes)
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n');
  const separator = csvSeparator(text);
  const pages = text.split('\f').flatMap((part) => splitLines(part));
  const widest = separator === null ? [] : columnWidths(text, separator);
  return pages.map((lines, index) => {
    const items = lines.flatMap((line, row) =>
      separator === null ? plainItems(line, row) : csvItems(line, row, separator, widest),
    );
    const right = Math.max(612 - MARGIN, ...items.map((item) => item.area.right));
    return { number: index + 1, width: right + MARGIN, height: LINES_PER_PAGE * LEADING + 2 * MARGIN, items };
  });
}

function splitLines(part: string): string[][] {
  const lines = part.replace(/\n+$/, '').split('\n');
  const pages: string[][] = [];
  for (let i = 0; i < lines.length; i += LINES_PER_PAGE) pages.push(lines.slice(i, i + LINES_PER_PAGE));
  return pages;
}

/** The separator that every one of at least two lines has equally often, outside of quotes; null for prose. */
function csvSeparator(text: string): string | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2) return null;
  return (
    [',', ';', '\t'].find((separator) => {
      const counts = new Set(lines.map((line) => csvCells(line, separator).length));
      return counts.size === 1 && !counts.has(1);
    }) ?? null
  );
}

function csvCells(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  return [...cells, cell.trim()];
}

function columnWidths(text: string, separator: string): number[] {
  const widths: number[] = [];
  for (const line of text.split('\n')) {
    csvCells(line, separator).forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  }
  return widths;
}

function csvItems(line: string, row: number, separator: string, widths: number[]): TextItem[] {
  let column = 0;
  return csvCells(line, separator).flatMap((cell, i) => {
    const start = column;
    column += (widths[i] ?? cell.length) + 3;
    return cell === '' ? [] : [item(cell, start, row)];
  });
}

function plainItems(line: string, row: number): TextItem[] {
  const expanded = line.replace(/\t/g, '    ');
  return [...expanded.matchAll(/\S+(?: \S+)*/g)].map((match) => item(match[0], match.index, row));
}

function item(text: string, column: number, row: number): TextItem {
  const left = MARGIN + column * CHARACTER;
  const top = MARGIN + row * LEADING;
  return {
    text,
    area: { left, top, right: left + text.length * CHARACTER, bottom: top + SIZE },
    size: SIZE,
    font: 'text',
  };
}
