import { overlapX } from './geometry.js';
import { joinCells } from './lines.js';
import type { Area, Cell } from './types.js';

/** A gap above this many font sizes may divide two columns. */
const CUT_GAP = 0.35;
/** Headings at most this many font sizes apart head columns whose texts can run together. */
const CLOSE_COLUMNS = 1.5;

/** Puts a line's cells into a table's columns; a cell that runs over several columns is cut at its widest gap. */
export function assignColumns(cells: readonly Cell[], columns: readonly Cell[]): (Cell | null)[] {
  const row: (Cell | null)[] = columns.map(() => null);
  for (const piece of cells.flatMap((cell) => cutAtColumns(cell, columns))) {
    const index = nearestColumn(piece.area, columns);
    const there = row[index];
    row[index] = there ? joinCells(there, piece) : piece;
  }
  return row;
}

/** Cuts where two neighbouring columns meet: between two parts, or between two words of what the file holds as one text. */
function cutAtColumns(cell: Cell, columns: readonly Cell[]): Cell[] {
  for (let i = 0; i + 1 < columns.length; i++) {
    const [left, right] = [columns[i]!.area, columns[i + 1]!.area];
    if (overlapX(left, cell.area) <= 0 || overlapX(right, cell.area) <= 0) continue;
    const pieces =
      cutBetweenParts(cell, columns) ?? cutBetweenWords(cell, (left.right + right.left) / 2, right.left - left.right);
    if (pieces) return pieces.flatMap((piece) => cutAtColumns(piece, columns));
  }
  return [cell];
}

function cutBetweenParts({ parts }: Cell, columns: readonly Cell[]): [Cell, Cell] | null {
  const cut = parts.findIndex((part, i) => {
    const last = parts[i - 1];
    if (!last || part.area.left - last.area.right <= CUT_GAP * part.size) return false;
    return nearestColumn(last.area, columns) !== nearestColumn(part.area, columns);
  });
  return cut < 1 ? null : [rebuild(parts.slice(0, cut)), rebuild(parts.slice(cut))];
}

/** Only for columns so close that the file's text ran together, and only where a space stands near the border. */
function cutBetweenWords(cell: Cell, border: number, gap: number): [Cell, Cell] | null {
  if (gap > CLOSE_COLUMNS * cell.size) return null;
  const spaces = [...cell.text.matchAll(/ /g)].map((match) => match.index);
  const nearest = spaces.sort((a, b) => Math.abs(xOf(cell, a) - border) - Math.abs(xOf(cell, b) - border))[0];
  if (nearest === undefined || Math.abs(xOf(cell, nearest) - border) > cell.size) return null;
  return cutText(cell, nearest);
}

/** Cuts a cell at a space, as if all characters were equally wide. */
export function cutText(cell: Cell, space: number): [Cell, Cell] {
  const part = (text: string, left: number, right: number): Cell => {
    const item = { text, area: { ...cell.area, left, right }, size: cell.size, font: cell.font };
    return { ...item, parts: [item] };
  };
  return [
    part(cell.text.slice(0, space), cell.area.left, xOf(cell, space)),
    part(cell.text.slice(space + 1), xOf(cell, space + 1), cell.area.right),
  ];
}

function xOf({ text, area }: Cell, index: number): number {
  return area.left + ((area.right - area.left) * index) / Math.max(1, text.length);
}

function rebuild(parts: Cell['parts']): Cell {
  return parts.map((part): Cell => ({ ...part, parts: [part] })).reduce(joinCells);
}

/** The column whose heading the area overlaps most; if none, the one it is best aligned with (left, right or centre). */
function nearestColumn(area: Area, columns: readonly Cell[]): number {
  const overlaps = columns.map((column) => overlapX(column.area, area));
  const most = Math.max(...overlaps);
  const touching = overlaps.filter((overlap) => overlap > 0).length;
  if (touching === 1) return overlaps.indexOf(most);
  const distances = columns.map((column) => misalignment(column.area, area));
  return distances.indexOf(Math.min(...distances));
}

function misalignment(a: Area, b: Area): number {
  const centre = Math.abs((a.left + a.right) / 2 - (b.left + b.right) / 2);
  return Math.min(Math.abs(a.left - b.left), Math.abs(a.right - b.right), centre);
}
