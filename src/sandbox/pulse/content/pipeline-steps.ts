import { z } from 'zod';
import type { JsonObject } from '../../../jobs/json.js';
import { coded } from '../api-error.js';
import { normaliseExtract, parsedOrSame } from '../field-names.js';
import {
  extractOptions,
  flag,
  jsonSchema,
  splitConfigOrTopics,
  tablesConfig,
  type TopicConfigs,
  topicConfigs,
} from '../request-fields.js';
import { checkSchema } from './check-schema.js';
import { checkTopicConfigs } from './topic-values.js';

/** The order of the steps is the order of their keys. Batches are not served. */
const CHAINS = ['extract', 'extract>schema', 'extract>split', 'extract>split>schema', 'extract>tables'] as const;

const schemaStep = z.looseObject({
  input_schema: jsonSchema.nullish(),
  split_schema_config: topicConfigs.nullish(),
  effort: flag.nullish(),
});
type SchemaStep = z.infer<typeof schemaStep>;

const steps = z.looseObject({
  extract: z.preprocess((options) => normaliseExtract(Object(options) as JsonObject), extractOptions),
  schema: schemaStep.nullish(),
  split: splitConfigOrTopics.nullish(),
  tables: tablesConfig.nullish(),
});

/** zod orders keys as the shape has them, so the chain is taken from what came. */
export const orderedSteps = z.preprocess(
  (raw) => {
    const given = typeof raw === 'string' ? parsedOrSame(raw) : raw;
    return { chain: Object.keys(Object(given) as object).join('>'), steps: given };
  },
  z.object({ chain: z.enum(CHAINS), steps }),
);

/** @throws ApiError when a schema without topics is missing or none */
export function wholeSchema({ input_schema, effort }: SchemaStep): { schema: JsonObject; effort: boolean } {
  if (input_schema == null) throw coded('REQ_004', 'steps.schema.input_schema is required');
  checkSchema(input_schema);
  return { schema: input_schema, effort: effort === true };
}

/** After a split, one schema stands for every topic unless each has its own. @throws ApiError */
export function topicSchemas(
  { input_schema, split_schema_config, effort }: SchemaStep,
  topics: readonly string[],
): TopicConfigs {
  const configs =
    split_schema_config ?? Object.fromEntries(topics.map((topic) => [topic, { schema: input_schema, effort }]));
  checkTopicConfigs(configs);
  return configs;
}
