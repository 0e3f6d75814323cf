import type { Block } from '../../document/index.js';
import type { View } from '../../view.js';

/** A block with the id under which results and citations name it. */
export interface PlacedBlock {
  /** `txt-1` or `tbl-1`; each kind is counted through the document. */
  id: string;
  /** 1-based within the source. */
  page: number;
  block: Block;
}

/** The blocks of the pages worked on, in reading order. The same view always gives the same ids. */
export function placeBlocks({ document, pages }: View): PlacedBlock[] {
  const counts = { txt: 0, tbl: 0 };
  return document.pages
    .filter(({ number }) => pages.includes(number))
    .flatMap(({ number, blocks }) =>
      blocks.map((block) => {
        const kind = block.table ? 'tbl' : 'txt';
        counts[kind] += 1;
        return { id: `${kind}-${counts[kind]}`, page: number, block };
      }),
    );
}

/** The id of a table's cell, 1-based, the header being row 1. */
export const cellId = (tableId: string, row: number, column: number): string => `${tableId}-r${row + 1}c${column + 1}`;
