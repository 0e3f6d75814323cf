import { hull, overlapX } from './geometry.js';
import type { LabelSpot } from './label-spots.js';
import { currencyOf } from './typed-value.js';
import type { Area, Cell, TextItem } from './types.js';

/** Where a label's value may stand. */
export interface ValueSpot {
  where: 'inline' | 'right' | 'below';
  text: string;
  area: Area;
  font: string;
  /** Cells between label and value. */
  skipped: number;
  /** The same text for all who point at this place. */
  key: string;
}

/** How far below a label its value may begin, in font sizes. */
const BELOW = 2.4;
/** How far below each other the lines of one value (an address) may stand, in font sizes. */
const LEADING = 0.9;
const MAX_BLOCK_LINES = 8;

/** The places where the value of a label may stand, the likeliest first. */
export function valueSpots(spot: LabelSpot): ValueSpot[] {
  if (spot.inline) return [toValue(spot, 'inline', spot.inline, 0)];
  const right = cellsRight(spot).map((cell, i) => toValue(spot, 'right', cell, i));
  const below = firstBelow(spot);
  return below ? [...right, toValue(spot, 'below', below, 0)] : right;
}

/** The cell beside a label, and those after it while only a currency stands between. */
function cellsRight(spot: LabelSpot): Cell[] {
  const cells = spot.page.lines[spot.line]!.cells.slice(spot.cell + 1, spot.cell + 4);
  const last = cells.findIndex((cell) => /\d/.test(cell.text) || currencyOf(cell.text) === null);
  return last < 0 ? cells : cells.slice(0, last + 1);
}

/** The lines directly below a label or value in its column, while they follow each other closely. */
export function blockBelow(spot: Pick<LabelSpot, 'page' | 'line' | 'area' | 'size'>, right = Infinity): Cell[] {
  const cells: Cell[] = [];
  let above: { area: Area; size: number } = spot;
  for (const line of spot.page.lines.slice(spot.line + 1)) {
    const cell = line.cells.find((candidate) => inColumn(candidate, spot.area, right));
    const gap = line.area.top - above.area.bottom;
    if (gap > (cells.length === 0 ? BELOW : LEADING) * spot.size || cells.length === MAX_BLOCK_LINES) break;
    if (!cell) continue;
    if (cells[0] && Math.abs(cell.area.left - cells[0].area.left) > 2 * cell.size) break;
    cells.push(cell);
    above = cell;
  }
  return cells;
}

function inColumn(cell: Cell, label: Area, right: number): boolean {
  return cell.area.left < right && (overlapX(cell.area, label) > 0 || Math.abs(cell.area.left - label.left) < 3);
}

function firstBelow(spot: LabelSpot): Cell | null {
  for (const line of spot.page.lines.slice(spot.line + 1)) {
    if (line.area.top - spot.area.bottom > BELOW * spot.size) return null;
    const cells = line.cells.filter((cell) => inColumn(cell, spot.area, Infinity));
    if (cells.length > 0) return cells.sort((a, b) => overlapX(b.area, spot.area) - overlapX(a.area, spot.area))[0]!;
  }
  return null;
}

function toValue(spot: LabelSpot, where: ValueSpot['where'], item: TextItem, skipped: number): ValueSpot {
  return { where, text: item.text, area: item.area, font: item.font, skipped, key: placeKey(spot, item.area) };
}

/** Several lines as one value. */
export function joinBlock(spot: LabelSpot, cells: readonly Cell[], separator: string): ValueSpot | null {
  const first = cells[0];
  if (!first) return null;
  const text = cells.map((cell, i) => (i < cells.length - 1 ? cell.text.replace(/,$/, '') : cell.text)).join(separator);
  const area = hull(cells.map((cell) => cell.area));
  return { where: 'below', text, area, font: first.font, skipped: 0, key: placeKey(spot, first.area) };
}

function placeKey(spot: LabelSpot, area: Area): string {
  return `${spot.page.number} ${Math.round(area.left)} ${Math.round(area.top)}`;
}
