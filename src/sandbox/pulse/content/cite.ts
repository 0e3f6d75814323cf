import type { Block, Citation } from '../../document/index.js';
import { cellId, type PlacedBlock } from './place-blocks.js';

/** Gives the ids of what a value was taken from. */
export type Cite = (citations: readonly Citation[]) => string;

/** Ids of boxes, separated by commas; empty for a value that was not found. */
export function citeIn(placed: readonly PlacedBlock[]): Cite {
  return (citations) => [...new Set(citations.flatMap((citation) => boxId(placed, citation) ?? []))].join(', ');
}

/** The id of the block, or the table's cell, in which a citation stands. */
export function boxId(placed: readonly PlacedBlock[], { page, bbox, content }: Citation): string | null {
  const [x, y] = [bbox.left + bbox.width / 2, bbox.top + bbox.height / 2];
  const found = placed.find((item) => item.page === page && holds(item.block, x, y));
  if (!found) return null;
  const { id, block } = found;
  if (!block.table) return id;
  const { top, height } = block.bbox;
  const row = nearestRow(block.table, content, ((y - top) / (height || 1)) * block.table.length - 0.5);
  return row === null
    ? id
    : cellId(
        id,
        row,
        block.table[row]!.findIndex((cell) => cell.includes(content)),
      );
}

/** Cells have no boxes of their own: of the rows with the text, the one nearest to where it stands. */
function nearestRow(table: readonly string[][], content: string, expected: number): number | null {
  const rows = table.flatMap((cells, row) => (cells.some((cell) => cell.includes(content)) ? [row] : []));
  rows.sort((a, b) => Math.abs(a - expected) - Math.abs(b - expected));
  return rows[0] ?? null;
}

function holds({ bbox }: Block, x: number, y: number): boolean {
  return x >= bbox.left && x <= bbox.left + bbox.width && y >= bbox.top && y <= bbox.top + bbox.height;
}
