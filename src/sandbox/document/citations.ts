import { toBox } from './geometry.js';
import type { Finding } from './resolve-leaves.js';
import type { Block, Box, Citation } from './types.js';

/** Where a value stands, with the type of the block around it. */
export function toCitation({ page, area, text }: Finding): Citation {
  const bbox = toBox(area, page);
  const type = page.blocks.find((block) => holds(block, bbox))?.type ?? 'Text';
  return { page: page.number, bbox, content: text, type };
}

function holds(block: Block, box: Box): boolean {
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const { left, top, width, height } = block.bbox;
  return x >= left && x <= left + width && y >= top && y <= top + height;
}
