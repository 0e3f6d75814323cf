import { buildBlocks } from './blocks.js';
import { groupLines } from './lines.js';
import { markRunningLines } from './running-lines.js';
import type { SandboxPage, TextItem } from './types.js';

/** A page's text as the reader found it. */
export interface RawPage {
  number: number;
  width: number;
  height: number;
  items: TextItem[];
}

/** Lines and blocks of all pages; they are looked at together because headers and footers show by repeating. */
export function buildPages(raw: readonly RawPage[]): SandboxPage[] {
  const pages = raw.map(({ items, ...page }) => ({ ...page, lines: groupLines(items) }));
  return markRunningLines(pages).map((page) => ({ ...page, blocks: buildBlocks(page) }));
}
