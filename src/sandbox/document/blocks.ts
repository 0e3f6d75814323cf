import { hull, overlapX, toBox } from './geometry.js';
import { commonSize } from './common-size.js';
import { findTables } from './tables.js';
import type { LinedPage } from './running-lines.js';
import type { Block, BlockType, Line } from './types.js';

const LIST_ITEM = /^([-•·▪◦*–]\s+|\(?\d{1,2}[.)]\s+|\(?[a-z][.)]\s+)\S/;
const KEY_VALUE = /^[^:]{2,40}:(\s|$)/;

/** Classifies a page's lines and joins those of one paragraph. */
export function buildBlocks(page: LinedPage): Block[] {
  const body = page.lines.filter((line) => line.running === null);
  const grids = findTables(body);
  const bodySize = commonSize(body);
  const blocks: Block[] = page.lines.flatMap((line) => (line.running ? [toBlock(line.running, [line], page)] : []));
  let paragraph: Line[] = [];
  let paragraphType: BlockType = 'Text';
  const flush = () => {
    if (paragraph.length > 0) blocks.push(toBlock(paragraphType, paragraph, page));
    paragraph = [];
  };
  for (let i = 0; i < body.length; i++) {
    const grid = grids.find((candidate) => candidate.start === i);
    if (grid) {
      flush();
      blocks.push({ ...toBlock('Table', body.slice(grid.start, grid.end), page), table: grid.rows });
      i = grid.end - 1;
      continue;
    }
    const line = body[i]!;
    const type = lineType(line, bodySize);
    if (!continues(paragraph, paragraphType, line, type)) flush();
    if (paragraph.length === 0) paragraphType = type;
    paragraph.push(line);
  }
  flush();
  return blocks.sort((a, b) => a.bbox.top - b.bbox.top || a.bbox.left - b.bbox.left);
}

function lineType(line: Line, bodySize: number): BlockType {
  if (line.size >= bodySize * 1.45 && line.text.length < 120) return 'Title';
  if (line.size >= bodySize * 1.12 && line.text.length < 100) return 'Section Header';
  if (LIST_ITEM.test(line.text)) return 'List Item';
  if (line.cells.length > 1 || KEY_VALUE.test(line.text)) return 'Key Value';
  if (line.text.length < 60 && /[A-Z]{3}/.test(line.text) && line.text === line.text.toUpperCase())
    return 'Section Header';
  return 'Text';
}

function continues(paragraph: readonly Line[], paragraphType: BlockType, line: Line, type: BlockType): boolean {
  const above = paragraph.at(-1);
  if (!above) return true;
  const near = line.area.top - above.area.bottom < 0.9 * line.size && overlapX(above.area, line.area) > 0;
  if (!near || Math.abs(above.size - line.size) > 0.5) return false;
  return type === paragraphType ? type !== 'List Item' : paragraphType === 'List Item' && type === 'Text';
}

function toBlock(type: BlockType, lines: readonly Line[], page: { width: number; height: number }): Block {
  const separator = type === 'Table' ? '\t' : ' ';
  return {
    type,
    text: lines.map((line) => line.cells.map((cell) => cell.text).join(separator)).join('\n'),
    bbox: toBox(hull(lines.map((line) => line.area)), page),
  };
}
