import { overlapX } from './geometry.js';
import type { Cell, Line } from './types.js';

/** A table on one page: its lines from `start` up to but not including `end`, and its rows, the header row first. */
export interface Grid {
  start: number;
  end: number;
  rows: string[][];
}

const MIN_ROWS = 3;
const MIN_COLUMNS = 3;

/** Runs of lines whose cells stand in the same columns. Single-cell lines within a run continue the row above. */
export function findTables(lines: readonly Line[]): Grid[] {
  const grids: Grid[] = [];
  let start = 0;
  while (start < lines.length) {
    const end = runEnd(lines, start);
    const full = lines.slice(start, end).filter((line) => line.cells.length >= MIN_COLUMNS).length;
    if (full >= MIN_ROWS) {
      grids.push({ start, end, rows: toRows(lines.slice(start, end)) });
      start = end;
    } else start += 1;
  }
  return grids;
}

function runEnd(lines: readonly Line[], start: number): number {
  const header = lines[start]!;
  if (header.cells.length < MIN_COLUMNS) return start;
  let end = start + 1;
  let lastFull = end;
  for (; end < lines.length; end++) {
    const [line, above] = [lines[end]!, lines[end - 1]!];
    if (line.area.top - above.area.bottom > 2.5 * line.size) break;
    if (!fits(line, header)) break;
    if (line.cells.length > 1) lastFull = end + 1;
  }
  return lastFull;
}

/** Every cell stands under exactly one of the header's cells or between two, never across two. */
function fits(line: Line, header: Line): boolean {
  return (
    line.cells.length <= header.cells.length &&
    line.cells.every((cell) => header.cells.filter((column) => overlapX(column.area, cell.area) > 0).length <= 1)
  );
}

function toRows(lines: readonly Line[]): string[][] {
  const columns = lines[0]!.cells;
  const rows: string[][] = [];
  for (const line of lines) {
    const row = columns.map(() => '');
    for (const cell of line.cells) {
      const column = columnOf(cell, columns);
      row[column] = [row[column], cell.text].filter(Boolean).join(' ');
    }
    const last = rows.at(-1);
    if (line.cells.length === 1 && last)
      row.forEach((text, i) => (last[i] = [last[i], text].filter(Boolean).join(' ')));
    else rows.push(row);
  }
  return rows;
}

/** Index of the column that a cell belongs to: the one it overlaps most, else the nearest. */
export function columnOf(cell: Cell, columns: readonly Cell[]): number {
  const overlaps = columns.map((column) => overlapX(column.area, cell.area));
  return overlaps.indexOf(Math.max(...overlaps));
}
