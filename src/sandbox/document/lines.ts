import { hull, overlapX, overlapY } from './geometry.js';
import type { Cell, Line, TextItem } from './types.js';

/** A gap wider than this many font sizes separates two cells; a justified line's spaces stay below it. */
const CELL_GAP = 1;
/** A gap wider than this many font sizes is a space between words. */
const WORD_GAP = 0.15;

/** Groups text items to lines, top to bottom, and each line's items to cells at wide gaps. */
export function groupLines(items: readonly TextItem[]): Line[] {
  const rows: TextItem[][] = [];
  for (const item of [...items].sort((a, b) => a.area.bottom - b.area.bottom || a.area.left - b.area.left)) {
    const row = rows.slice(-3).find((candidate) => sharesLine(candidate, item));
    if (row) row.push(item);
    else rows.push([item]);
  }
  return rows.map((row) => toLine(row)).sort((a, b) => a.area.top - b.area.top);
}

function sharesLine(row: readonly TextItem[], item: TextItem): boolean {
  const first = row[0]!;
  const height = Math.min(first.area.bottom - first.area.top, item.area.bottom - item.area.top);
  // Text that overprints the row's text belongs to another line, however close.
  return (
    overlapY(first.area, item.area) > height * 0.55 &&
    row.every((other) => overlapX(other.area, item.area) < height * 0.5)
  );
}

function toLine(row: TextItem[]): Line {
  const cells: Cell[] = [];
  for (const item of row.sort((a, b) => a.area.left - b.area.left)) {
    const last = cells.at(-1);
    const gap = last ? item.area.left - last.area.right : Infinity;
    if (last && gap <= CELL_GAP * Math.max(last.size, item.size))
      cells[cells.length - 1] = joinCells(last, toCell(item));
    else cells.push(toCell(item));
  }
  return {
    text: cells.map((cell) => cell.text).join(' '),
    area: hull(cells.map((cell) => cell.area)),
    size: Math.max(...cells.map((cell) => cell.size)),
    cells,
    running: null,
  };
}

function toCell(item: TextItem): Cell {
  const part = { ...item, text: item.text.trim() };
  return { ...part, parts: [part] };
}

/** Two cells as one, with a space where the gap is as wide as one. */
export function joinCells(left: Cell, right: Cell): Cell {
  const space = right.area.left - left.area.right > WORD_GAP * right.size ? ' ' : '';
  return {
    text: `${left.text}${space}${right.text}`,
    area: hull([left.area, right.area]),
    size: Math.max(left.size, right.size),
    font: left.font,
    parts: [...left.parts, ...right.parts],
  };
}

/** A cell and the line that it wraps to, as one. */
export function joinLines(upper: Cell, lower: Cell): Cell {
  return { ...joinCells(upper, lower), text: `${upper.text} ${lower.text}` };
}
