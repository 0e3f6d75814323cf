import { z } from 'zod';

/** Forms have no other way to say it than text. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const integer = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);
const chunkSize = integer.pipe(z.int().min(100).max(10_000));

export const jsonSchema = z.record(z.string(), z.json());

/** What says how a document is parsed. Only what the sandbox acts on is checked. */
export const extractOptions = z.looseObject({
  model: z.enum(['default', 'pulse-ultra-2']).nullish(),
  pages: z.string().nullish(),
  storage: z
    .looseObject({ enabled: flag.nullish(), folder_name: z.string().nullish(), folder_id: z.string().nullish() })
    .nullish(),
  figure_processing: z.looseObject({ description: flag.nullish(), show_images: flag.nullish() }).nullish(),
  extensions: z
    .looseObject({
      footnote_references: flag.nullish(),
      chunking: z
        .looseObject({
          chunk_types: z.array(z.enum(['semantic', 'header', 'page', 'recursive'])).nullish(),
          chunk_size: chunkSize.nullish(),
        })
        .nullish(),
      alt_outputs: z
        .looseObject({ wlbb: flag.nullish(), return_html: flag.nullish(), return_xml: flag.nullish() })
        .nullish(),
    })
    .nullish(),
  spreadsheet: z.looseObject({}).nullish(),
  extraction_config_id: z.string().nullish(),
  // Deprecated, but taken.
  structured_output: z
    .looseObject({ schema: jsonSchema, schema_prompt: z.string().nullish(), effort: flag.nullish() })
    .nullish(),
  schema: jsonSchema.nullish(),
  return_html: flag.nullish(),
  chunking: z.string().nullish(),
  chunk_size: chunkSize.nullish(),
});
export type ExtractOptions = z.infer<typeof extractOptions>;

const splitConfig = z.looseObject({
  split_input: z.array(z.looseObject({ name: z.string().min(1), description: z.string().nullish() })).min(1),
});
export type SplitConfig = z.infer<typeof splitConfig>;

/** `topics` is the older name. */
export const splitConfigOrTopics = z.preprocess((config) => {
  if (typeof config !== 'object' || config === null || !('topics' in config) || 'split_input' in config) return config;
  return { ...config, split_input: config.topics };
}, splitConfig);

export const schemaConfig = z.looseObject({
  input_schema: jsonSchema,
  schema_prompt: z.string().nullish(),
  effort: flag.nullish(),
});

/** The schema's key is another one here. */
const topicConfig = z.looseObject({
  schema: jsonSchema.nullish(),
  schema_prompt: z.string().nullish(),
  effort: flag.nullish(),
  schema_config_id: z.string().nullish(),
});
export const topicConfigs = z.record(z.string(), topicConfig);
export type TopicConfigs = z.infer<typeof topicConfigs>;

export const tablesConfig = z.looseObject({
  merge: flag.nullish(),
  table_format: z.enum(['html', 'json']).nullish(),
  charts_to_tables: flag.nullish(),
});
export type TablesConfig = z.infer<typeof tablesConfig>;
