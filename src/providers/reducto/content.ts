import { z } from 'zod';
import { byPage, type OnPage, type Wants } from '../by-page.js';
import { picked } from '../lazily.js';
import type { ResultFormat, StoredBody } from '../result-format.js';
import type { ReductoBlock, ReductoBox, ReductoChunk, ReductoContent } from './content-types.js';
import { interpret } from './interpret.js';

const nullish = <T extends z.ZodType>(type: T) => z.exactOptional(type.nullable());

const Box: z.ZodType<ReductoBox> = z.looseObject({
  left: z.number(),
  top: z.number(),
  width: z.number(),
  height: z.number(),
  page: z.int(),
  original_page: nullish(z.int()),
});

const Block: z.ZodType<ReductoBlock> = z.looseObject({
  type: z.string(),
  bbox: Box,
  content: z.string(),
  image_url: nullish(z.string()),
  chart_data: nullish(z.array(z.string())),
  confidence: nullish(z.string()),
  extra: nullish(z.record(z.string(), z.unknown())),
});

const Chunk: z.ZodType<ReductoChunk> = z.looseObject({
  content: z.string(),
  embed: nullish(z.string()),
  enriched: nullish(z.string()),
  enrichment_success: nullish(z.boolean()),
  blocks: z
    .array(Block)
    .nullish()
    .transform((blocks) => blocks ?? []),
});

const BLOCKS = 'result.chunks[].blocks[]';

/** How Reducto's results are read back. A stored parse never has a URL in its result's place. */
export const reductoFormat: ResultFormat<ReductoContent> = {
  provider: 'reducto',
  parseHas: ['result.chunks'],
  content,
  interpret,
};

function content(body: StoredBody): ReductoContent {
  const parts = body.each(BLOCKS, Block);
  const blocks = (type?: string): AsyncIterable<ReductoBlock> =>
    picked(parts, ({ value }) => (type === undefined || value.type === type ? value : undefined));
  const placed = (wants: Wants): AsyncIterable<OnPage<ReductoBlock>> =>
    picked(
      body.each(BLOCKS, () => (wants() ? Block : null)),
      ({ value, size }) => ({ page: value.bbox.page, item: value, size }),
    );
  return {
    provider: 'reducto',
    text: () => body.text('result.chunks[].content', '\n\n'),
    chunks: () => picked(body.each('result.chunks[]', Chunk), ({ value }) => value),
    blocks: () => blocks(),
    tables: () => blocks('Table'),
    figures: () => blocks('Figure'),
    pages: () =>
      picked(byPage(placed), ({ page, items }) => ({ page, originalPage: originalPageOf(items), blocks: items })),
  };
}

const originalPageOf = (blocks: readonly ReductoBlock[]): number | null =>
  blocks.find(({ bbox }) => bbox.original_page != null)?.bbox.original_page ?? null;
