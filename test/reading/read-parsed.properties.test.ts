import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { PulseContent, PulsePage, ReductoBlock, ReductoChunk, ReductoContent } from '../../src/index.js';
import { pulse, readParsed, reducto } from '../../src/index.js';
import { cuts } from '../support/pieces.js';
import { expect, RUNS, SLOW_CASES } from '../support/properties.js';
import { pulseBody, reductoBody } from './bodies.js';
import { listOf, stored } from './store-of.js';

const SLOW_RUNS = { ...RUNS, numRuns: SLOW_CASES };
type Any = Record<string, unknown>;
const parsed = (body: unknown): Any => JSON.parse(JSON.stringify(body)) as Any;
const pagesIn = (pages: readonly (number | null)[]): number[] =>
  [...new Set(pages.filter((page) => page !== null))].sort((a, b) => a - b);

async function reductoAll(content: ReductoContent) {
  return {
    text: (await listOf(content.text())).join(''),
    chunks: await listOf(content.chunks()),
    blocks: await listOf(content.blocks()),
    tables: await listOf(content.tables()),
    figures: await listOf(content.figures()),
    pages: await listOf(content.pages()),
  };
}

/** The same from a body that JSON.parse has made. */
function reductoModel(body: Any) {
  const chunks = (body.result as { chunks: ReductoChunk[] }).chunks.map((one) => ({
    ...one,
    blocks: one.blocks ?? [],
  }));
  const blocks = chunks.flatMap((one) => one.blocks);
  const onPage = (page: number): ReductoBlock[] => blocks.filter(({ bbox }) => bbox.page === page);
  return {
    text: chunks.map(({ content }) => content).join('\n\n'),
    chunks,
    blocks,
    tables: blocks.filter(({ type }) => type === 'Table'),
    figures: blocks.filter(({ type }) => type === 'Figure'),
    pages: pagesIn(blocks.map(({ bbox }) => bbox.page)).map((page) => ({
      page,
      originalPage: onPage(page).find(({ bbox }) => bbox.original_page != null)?.bbox.original_page ?? null,
      blocks: onPage(page),
    })),
  };
}

async function pulseAll(content: PulseContent) {
  return {
    text: (await listOf(content.text())).join(''),
    chunks: await listOf(content.chunks()),
    texts: await listOf(content.texts()),
    tables: await listOf(content.tables()),
    figures: await listOf(content.figures()),
    pages: await listOf(content.pages()),
  };
}

/** Lists of which every element must be right. */
const KNOWN = new Set(['Title', 'Text', 'Tables', 'Images']);
type Placed = Any & { group: string; page: number | null };

function pulseModel(body: Any) {
  const boxes = (body.bounding_boxes ?? {}) as Record<string, unknown>;
  const items = Object.entries(boxes).flatMap(([group, list]): Placed[] => {
    if (!Array.isArray(list) || group === 'Words') return [];
    const fitting = (list as unknown[]).filter((one) => KNOWN.has(group) || isText(one));
    return (fitting as Any[]).map((one) => {
      const { table_info: info, page_number: page } = one as {
        table_info?: { page_number?: number };
        page_number?: number;
      };
      const cells = group === 'Tables' ? { cell_data: one.cell_data ?? [] } : {};
      return { ...one, ...cells, group, page: page ?? info?.page_number ?? null };
    });
  });
  const of = (list: readonly Placed[]) => ({
    texts: list.filter(({ group }) => group !== 'Tables' && group !== 'Images'),
    tables: list.filter(({ group }) => group === 'Tables'),
    figures: list.filter(({ group }) => group === 'Images'),
  });
  const chunking = ((body.extensions as Any | null)?.chunking ?? {}) as Record<string, string[] | null>;
  const pages = pagesIn(items.map(({ page }) => page));
  return {
    text: body.markdown,
    chunks: Object.entries(chunking).flatMap(([type, list]) => (list ?? []).map((content) => ({ type, content }))),
    ...of(items),
    pages: pages.map((page) => ({ page, ...of(items.filter((one) => one.page === page)) })) as unknown as PulsePage[],
  };
}

const isText = (one: unknown): boolean => {
  if (typeof one !== 'object' || one === null || Array.isArray(one)) return false;
  const { content, id, page_number: page, bounding_box: box } = one as Any;
  return (
    typeof content === 'string' &&
    (id === undefined || id === null || typeof id === 'string') &&
    (page === undefined || page === null || Number.isInteger(page)) &&
    (box === undefined || box === null || Array.isArray(box))
  );
};

describe('a stored parse is read as JSON.parse has it', () => {
  it('of the one vendor, however it is cut', async () => {
    const property = fc.asyncProperty(reductoBody, cuts, async (body, at) => {
      const { store, ref, seen } = stored('reducto', body, { at });
      const content = readParsed(store, ref, { format: reducto.format });
      expect(await reductoAll(content)).to.deep.equal(reductoModel(parsed(body)));
      expect(seen.closed).to.equal(seen.opened);
    });
    await fc.assert(property, SLOW_RUNS);
  }, 120_000);

  it('of the other, however it is cut', async () => {
    const property = fc.asyncProperty(pulseBody, cuts, async (body, at) => {
      const { store, ref, seen } = stored('pulse', body, { at });
      const content = readParsed(store, ref, { format: pulse.format });
      expect(await pulseAll(content)).to.deep.equal(pulseModel(parsed(body)));
      expect(seen.closed).to.equal(seen.opened);
    });
    await fc.assert(property, SLOW_RUNS);
  }, 120_000);
});
