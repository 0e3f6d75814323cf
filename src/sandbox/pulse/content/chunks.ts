import type { JsonObject } from '../../../jobs/json.js';
import { markdownBlock } from './markdown.js';
import type { PlacedBlock } from './place-blocks.js';

export type ChunkType = 'semantic' | 'header' | 'page' | 'recursive';

/** Characters, when the caller does not say. */
const DEFAULT_SIZE = 1_000;

/** The text cut in each of the ways asked for. `semantic` and `recursive` keep whole blocks together up to the size. */
export function chunksOf(
  placed: readonly PlacedBlock[],
  types: readonly ChunkType[],
  size: number | null | undefined,
): JsonObject {
  return Object.fromEntries(types.map((type) => [type, cut(placed, type, size ?? DEFAULT_SIZE)]));
}

function cut(placed: readonly PlacedBlock[], type: ChunkType, size: number): string[] {
  const chunks: string[] = [];
  placed.forEach((item, index) => {
    const text = markdownBlock(item.block);
    const last = chunks.at(-1);
    if (last === undefined || starts(type, item, placed[index - 1]!, last.length + text.length + 2 > size)) {
      chunks.push(text);
    } else chunks[chunks.length - 1] = `${last}\n\n${text}`;
  });
  return chunks;
}

function starts(type: ChunkType, item: PlacedBlock, before: PlacedBlock, full: boolean): boolean {
  switch (type) {
    case 'page':
      return item.page !== before.page;
    case 'header':
      return item.block.type === 'Title' || item.block.type === 'Section Header';
    case 'semantic':
    case 'recursive':
      return full;
  }
}
