import type { Block, Chunk, ChunkBlock, ChunkMode, SandboxDocument } from './types.js';

/** Characters at which a `variable` chunk ends. */
const VARIABLE_CHUNK = 1000;

/**
 * The document's blocks as Markdown, cut as `chunkMode` says: one chunk for all (`disabled`), one a page, one a titled
 * section (`section`; `page_sections` ends them at page breaks too), one a block, or runs of about 1,000 characters.
 * @param options.pages 1-based pages to take; default all
 */
export function parseChunks(
  document: SandboxDocument,
  options: { chunkMode: ChunkMode; pages?: readonly number[] },
): Chunk[] {
  const wanted = selectPages(document, options.pages);
  const blocks = wanted.flatMap((page, index) =>
    page.blocks.map((block) => toChunkBlock(block, index + 1, page.number)),
  );
  const groups: ChunkBlock[][] = [];
  for (const block of blocks) {
    const group = groups.at(-1);
    if (!group || startsChunk(options.chunkMode, group, block)) groups.push([block]);
    else group.push(block);
  }
  return groups.map((group) => ({ content: group.map(markdown).join('\n\n'), blocks: group }));
}

/** The pages asked for, in the document's order. */
export function selectPages<T extends { number: number }>(document: { pages: T[] }, pages?: readonly number[]): T[] {
  return pages === undefined ? document.pages : document.pages.filter((page) => pages.includes(page.number));
}

function startsChunk(mode: ChunkMode, group: readonly ChunkBlock[], block: ChunkBlock): boolean {
  const newPage = group.at(-1)!.page !== block.page;
  const heading = block.type === 'Title' || block.type === 'Section Header';
  switch (mode) {
    case 'disabled':
      return false;
    case 'page':
      return newPage;
    case 'section':
      return heading;
    case 'page_sections':
      return newPage || heading;
    case 'block':
      return true;
    case 'variable':
      return group.reduce((sum, { content }) => sum + content.length, 0) + block.content.length > VARIABLE_CHUNK;
  }
}

function toChunkBlock(block: Block, page: number, originalPage: number): ChunkBlock {
  const content = block.table ? markdownTable(block.table) : block.text;
  return { type: block.type, content, page, originalPage, bbox: block.bbox, confidence: 'high' };
}

function markdown({ type, content }: ChunkBlock): string {
  if (type === 'Title') return `# ${content.replace(/\n/g, ' ')}`;
  if (type === 'Section Header') return `## ${content.replace(/\n/g, ' ')}`;
  return content;
}

function markdownTable(rows: readonly string[][]): string {
  const [header = [], ...body] = rows.map((row) => row.map((cell) => cell.replace(/\|/g, '\\|')));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...body.map(line)].join('\n');
}
