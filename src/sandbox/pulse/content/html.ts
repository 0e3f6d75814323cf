import type { Block } from '../../document/index.js';
import type { PlacedBlock } from './place-blocks.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);

/** The first row is the header. */
export function htmlTable(rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${rows.map((cells, index) => row(cells, index === 0 ? 'th' : 'td')).join('')}</table>`;
}

/** The whole document as HTML. */
export function htmlOf(placed: readonly PlacedBlock[]): string {
  return placed.map(({ block }) => htmlBlock(block)).join('\n');
}

function htmlBlock({ type, text, table }: Block): string {
  if (table) return htmlTable(table);
  const tag = type === 'Title' ? 'h1' : type === 'Section Header' ? 'h2' : 'p';
  return `<${tag}>${escapeHtml(text).replace(/\n/g, '<br>')}</${tag}>`;
}
