import { overlapX } from './geometry.js';
import type { LabelSpot } from './label-spots.js';
import type { Line } from './types.js';

/** How far below a header row its values may stand, in font sizes. */
const ROW_GAP = 2.4;

/** True when a label stands in a row of labels with a row of values right below: `No. | Date | Terms` over `12 | 3 May | net`. */
export function headsColumns({ page, line: index }: LabelSpot): boolean {
  const [line, below] = [page.lines[index], page.lines[index + 1]];
  return (
    line !== undefined &&
    below !== undefined &&
    isOver(line, below) &&
    !/[\d:]/.test(line.text) &&
    /\d/.test(below.text)
  );
}

/** True when several rows of values follow, so that no single one of them is the label's. */
export function headsTable(spot: LabelSpot): boolean {
  const [first, second] = [spot.page.lines[spot.line + 1], spot.page.lines[spot.line + 2]];
  return (
    headsColumns(spot) &&
    first !== undefined &&
    second !== undefined &&
    second.area.top - first.area.bottom <= ROW_GAP * second.size &&
    second.cells.length > 2 &&
    isOver(first, second)
  );
}

function isOver(line: Line, below: Line): boolean {
  if (line.cells.length < 2 || below.cells.length < 2 || below.cells.length > line.cells.length) return false;
  if (below.area.top - line.area.bottom > ROW_GAP * line.size) return false;
  return below.cells.every((cell) => line.cells.some((header) => overlapX(header.area, cell.area) > 0));
}
