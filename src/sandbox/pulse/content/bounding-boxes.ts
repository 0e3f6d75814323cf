import type { JsonObject } from '../../../jobs/json.js';
import type { BlockType, Box } from '../../document/index.js';
import { markdownWithIds } from './markdown.js';
import { cellId, type PlacedBlock } from './place-blocks.js';

const GROUP: Record<Exclude<BlockType, 'Table'>, string> = {
  Title: 'Title',
  'Section Header': 'SectionHeader',
  Text: 'Text',
  'Key Value': 'Text',
  'List Item': 'Text',
  Header: 'Header',
  Footer: 'Footer',
  'Page Number': 'Footer',
};

/** `bounding_boxes` of an extraction. There are no figures in the sandbox, so `Images` is empty. */
export function boundingBoxes(placed: readonly PlacedBlock[]): JsonObject {
  const groups: Record<string, JsonObject[]> = { Title: [], Text: [], Footer: [], Images: [], Tables: [] };
  for (const item of placed) {
    if (item.block.table) groups.Tables!.push(tableItem(item, item.block.table));
    else (groups[GROUP[item.block.type as keyof typeof GROUP]] ??= []).push(textItem(item));
  }
  return { ...groups, markdown_with_ids: markdownWithIds(placed) };
}

function textItem({ id, page, block }: PlacedBlock): JsonObject {
  return {
    id,
    content: block.text,
    original_content: block.text,
    page_number: page,
    bounding_box: polygon(block.bbox),
  };
}

function tableItem({ id, page, block }: PlacedBlock, rows: readonly string[][]): JsonObject {
  const dimensions = { rows: rows.length, columns: Math.max(...rows.map((row) => row.length)) };
  return {
    table_info: { id, dimensions, page_number: page, bounding_box: polygon(block.bbox) },
    cell_data: rows.flatMap((cells, row) =>
      cells.map((content, column) => ({ id: cellId(id, row, column), content, row: row + 1, column: column + 1 })),
    ),
  };
}

/** Four corners, clockwise from the top left, in fractions of the page. */
export function polygon({ left, top, width, height }: Box): number[] {
  const [right, bottom] = [round(left + width), round(top + height)];
  return [left, top, right, top, right, bottom, left, bottom];
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
