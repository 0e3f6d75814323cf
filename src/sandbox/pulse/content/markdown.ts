import type { Block } from '../../document/index.js';
import { htmlTable } from './html.js';
import type { PlacedBlock } from './place-blocks.js';

/** Markdown, with tables as HTML in it. */
export function markdownOf(placed: readonly PlacedBlock[]): string {
  return placed.map(({ block }) => markdownBlock(block)).join('\n\n');
}

/** The same with each block's id before it. */
export function markdownWithIds(placed: readonly PlacedBlock[]): string {
  return placed.map(({ id, block }) => `[${id}] ${markdownBlock(block)}`).join('\n\n');
}

export function markdownBlock({ type, text, table }: Block): string {
  if (table) return htmlTable(table);
  if (type === 'Title') return `# ${text.replace(/\n/g, ' ')}`;
  if (type === 'Section Header') return `## ${text.replace(/\n/g, ' ')}`;
  return text;
}
