import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { coded } from '../api-error.js';
import { schemaCredits } from '../billing.js';
import { inlineConfig } from '../config-choice.js';
import { checkSchema } from '../content/check-schema.js';
import { citedSource } from '../content/cited-source.js';
import { checkTopicConfigs, planTopics, topicCredits, topicPages, topicValues } from '../content/topic-values.js';
import { valuesOf } from '../content/values.js';
import { defineOperation, type Work } from '../operation.js';
import { flag, schemaConfig, topicConfigs } from '../request-fields.js';
import type { Vendor } from '../vendor.js';

const body = z.looseObject({
  extraction_id: z.string().min(1).nullish(),
  extraction_ids: z.array(z.string().min(1)).min(1).nullish(),
  split_id: z.string().min(1).nullish(),
  schema_config: schemaConfig.nullish(),
  schema_config_id: z.string().nullish(),
  split_schema_config: topicConfigs.nullish(),
  async: flag.nullish(),
});
type Body = z.infer<typeof body>;

/** Schema, which extracts: from one extraction, several together, or topic by topic. Which of them shows in the fields. */
export const schema = defineOperation({
  operation: 'extract',
  endpoint: 'schema',
  path: '/schema',
  feature: null,
  takesForms: false,
  body,
  plan({ body, vendor, now }) {
    const { extraction_id, extraction_ids, split_id } = body;
    const given = [extraction_id, extraction_ids, split_id].filter((id) => id != null).length;
    if (given === 0) throw coded('REQ_004', 'One of extraction_id, extraction_ids and split_id is required');
    if (given > 1) throw coded('REQ_003', 'Only one of extraction_id, extraction_ids and split_id may be given');
    const work = split_id == null ? wholeWork(body, vendor, now) : topicWork(split_id, body, vendor, now);
    return { work, refuseAtOnce: false, carriesText: false, keep: () => undefined };
  },
});

function wholeWork(body: Body, { library }: Vendor, now: number): () => Promise<Work> {
  const { input_schema, effort } = inlineConfig('schema_config', body.schema_config, body.schema_config_id);
  checkSchema(input_schema);
  const ids = body.extraction_ids ?? [body.extraction_id!];
  const extractions = ids.map((id) => ({ id, load: library.extraction(id, now) }));
  const version = library.nextVersion(ids);
  return async () => {
    const source = await citedSource(extractions);
    return {
      pages: source.pages.length,
      totalPages: source.totalPages,
      credits: schemaCredits(source.pages.length, effort === true),
      compute: () => ({
        schema_id: randomUUID(),
        version,
        schema_output: valuesOf(source, input_schema),
        ...(ids.length > 1 && { extraction_ids: ids }),
      }),
    };
  };
}

function topicWork(split_id: string, body: Body, { library }: Vendor, now: number): () => Promise<Work> {
  const configs = body.split_schema_config;
  if (configs == null) throw coded('REQ_004', 'split_schema_config is required with split_id');
  checkTopicConfigs(configs);
  const load = library.split(split_id, now);
  return async () => {
    const split = await load();
    const topics = planTopics(split, configs);
    return {
      pages: topicPages(topics),
      totalPages: split.view.totalPages,
      credits: topicCredits(topics),
      compute: ({ switches }) => ({ schema_id: randomUUID(), split_id, ...topicValues(split, topics, switches) }),
    };
  };
}
