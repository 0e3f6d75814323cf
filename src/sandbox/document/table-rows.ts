import { isPair } from './label-spots.js';
import { assignColumns } from './table-columns.js';
import { readHeader, type ColumnField, type TableHeader } from './table-header.js';
import { joinLines } from './lines.js';
import type { Cell, Line, SandboxPage } from './types.js';

export interface TableRow {
  page: SandboxPage;
  /** One for each column of the header. */
  cells: (Cell | null)[];
}

/** A table that may run over several pages. */
export interface FoundTable {
  header: TableHeader;
  rows: TableRow[];
  /** The header's and rows' lines: what stands there is no label of anything else. */
  lines: Set<Line>;
}

const TOTALS =
  /\b(sub-?total|total|tax|vat|gst|amount due|amount payable|balance|summe|gesamt|shipping|freight|discount)\b/i;
const CARRIED = /^\W*((carried|brought) (forward|over)|page (sub)?total|running total|continued|carry over)/i;
/** A gap above this many font sizes ends a table. */
const END_GAP = 4;

/** Reads a table from its header to its totals, over as many pages as repeat the header or go on with its columns. */
export function readTable(
  pages: readonly SandboxPage[],
  pageIndex: number,
  header: TableHeader,
  fields: readonly ColumnField[],
): FoundTable {
  const table: FoundTable = { header, rows: [], lines: new Set() };
  let start = header.bodyStart;
  for (let i = pageIndex; i < pages.length; i++) {
    const page = pages[i]!;
    const current = i === pageIndex ? { header, start } : continuation(page, header, fields);
    if (!current) break;
    start = current.start;
    if (!readBody(page, start, current.header, table)) break;
  }
  return table;
}

/** @returns false when the table ends on this page for certain. */
function readBody(page: SandboxPage, start: number, header: TableHeader, table: FoundTable): boolean {
  if (start === header.bodyStart) page.lines.slice(header.start, start).forEach((line) => table.lines.add(line));
  let above: Line | undefined = page.lines[start - 1];
  const before = table.rows.length;
  for (const line of page.lines.slice(start)) {
    if (line.running === 'Footer' || line.running === 'Page Number') continue;
    const text = line.cells[0]!.text;
    if (CARRIED.test(text)) continue;
    if (text.endsWith(':')) return false;
    const row = assignColumns(line.cells, header.columns);
    const filled = row.filter((cell, i) => cell && header.keys[i] !== null).length;
    if (TOTALS.test(text) && filled < header.keys.filter((key) => key !== null).length) return false;
    if (above && line.area.top - above.area.bottom > END_GAP * line.size) return true;
    const last = table.rows.length > before ? table.rows.at(-1) : undefined;
    if (filled >= 2) table.rows.push({ page, cells: row });
    else if (last && above && continuesRow(line, above, row, last)) mergeRow(last.cells, row);
    else if (line.cells.length > 1 || line.text.length > 60 || isPair(line.text)) return false;
    else continue;
    table.lines.add(line);
    above = line;
  }
  return true;
}

/** The header again, or rows that fit its columns straight away. */
function continuation(
  page: SandboxPage,
  header: TableHeader,
  fields: readonly ColumnField[],
): { header: TableHeader; start: number } | null {
  const headings = header.columns.map((column) => column.text.toLowerCase());
  for (let i = 0; i < page.lines.length; i++) {
    const again = readHeader(page.lines, i, fields);
    if (!again) continue;
    const same = again.columns.filter((column) => headings.includes(column.text.toLowerCase())).length;
    return same >= headings.length * 0.7 ? { header: again, start: again.bodyStart } : null;
  }
  const first = page.lines.findIndex((line) => !line.running);
  const line = page.lines[first];
  if (!line) return null;
  const filled = assignColumns(line.cells, header.columns).filter(Boolean).length;
  return filled >= Math.max(3, header.columns.length - 1) ? { header, start: first } : null;
}

/** A wrapped cell: one cell, close below, in a column that the row above has filled, in the same font. */
function continuesRow(line: Line, above: Line, row: readonly (Cell | null)[], last: TableRow): boolean {
  const index = row.findIndex((cell) => cell !== null);
  const upper = last.cells[index];
  return (
    line.cells.length === 1 &&
    line.area.top - above.area.bottom < 0.8 * line.size &&
    !!upper &&
    upper.font === row[index]?.font
  );
}

function mergeRow(into: (Cell | null)[], row: readonly (Cell | null)[]): void {
  row.forEach((cell, i) => {
    if (cell) into[i] = into[i] ? joinLines(into[i], cell) : cell;
  });
}
