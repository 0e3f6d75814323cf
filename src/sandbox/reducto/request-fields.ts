import { z } from 'zod';

const rangeItem = z.object({ start: z.int().nullish(), end: z.int().nullish() });

/** `page_range`: one range, several, or a list of pages or of sheet names; 1-based. */
export const pageRange = z.union(
  [rangeItem, z.array(rangeItem), z.array(z.int()), z.array(z.string())],
  'Input should be a range, a list of ranges, a list of pages or a list of sheet names',
);
export type PageRange = z.infer<typeof pageRange>;

const uploadResponse = z.looseObject({ file_id: z.string() });

/** One document, as edit wants it. */
export const oneDocument = z.union([z.string(), uploadResponse], 'Input should be a string or an upload response');

/** One document, several, or an upload's whole answer. */
export const input = z.union(
  [z.string(), z.array(z.string()).min(1), uploadResponse],
  'Input should be a string, a list of strings or an upload response',
);
export type Input = z.infer<typeof input>;

/** The groups that decide how a document is parsed. Only what the sandbox acts on is checked. */
export const parsing = z.looseObject({
  enhance: z
    .looseObject({ agentic: z.array(z.looseObject({ scope: z.enum(['table', 'figure', 'text']) })).nullish() })
    .nullish(),
  retrieval: z
    .looseObject({
      chunking: z
        .looseObject({
          chunk_mode: z.enum(['variable', 'section', 'page', 'disabled', 'block', 'page_sections']).nullish(),
        })
        .nullish(),
      filter_blocks: z.array(z.string()).nullish(),
    })
    .nullish(),
  settings: z
    .looseObject({
      model: z.string().nullish(),
      force_url_result: z.boolean().nullish(),
      persist_results: z.boolean().nullish(),
      page_range: pageRange.nullish(),
      document_password: z.string().nullish(),
    })
    .nullish(),
});
export type Parsing = z.infer<typeof parsing>;

const webhook = z.union(
  [
    z.looseObject({ mode: z.literal('svix'), channels: z.array(z.string()).nullish() }),
    z.looseObject({ mode: z.literal('direct'), url: z.string() }),
    z.looseObject({ mode: z.literal('disabled') }),
  ],
  'Input should be a webhook configuration',
);

/** Only parse and extract have it. */
export const queuePriority = z.enum(['auto', 'standard', 'batch']).nullish();

/** What may stand in the `async` block and, for the older form, in `webhook`. */
export const asyncFields = z.looseObject({
  async: z
    .looseObject({ metadata: z.json().optional(), priority: z.boolean().nullish(), webhook: webhook.nullish() })
    .nullish(),
  webhook: webhook.nullish(),
});
