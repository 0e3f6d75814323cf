import type { JsonObject } from '../../../jobs/json.js';
import { coded } from '../api-error.js';
import { schemaCredits } from '../billing.js';
import type { SplitView } from '../library.js';
import type { TopicConfigs } from '../request-fields.js';
import type { PulseSwitches } from '../switches.js';
import { checkSchema } from './check-schema.js';
import { citedView } from './cited-source.js';
import { valuesOf } from './values.js';

/** @throws ApiError when a topic has not exactly one of schema and id, or its schema is none */
export function checkTopicConfigs(configs: TopicConfigs): void {
  for (const [topic, { schema, schema_config_id }] of Object.entries(configs)) {
    if ((schema == null) === (schema_config_id == null)) {
      throw coded('REQ_004', 'Exactly one of schema and schema_config_id is required for a topic', { topic });
    }
    if (schema) checkSchema(schema);
  }
}

interface TopicPlan {
  /** Topics that can be done, with their pages. */
  runs: { topic: string; schema: JsonObject; pages: number[]; effort: boolean }[];
  /** Why the others can't. */
  errors: Record<string, string>;
}

/** A topic of the split that is not asked for is left out. */
export function planTopics({ sections }: SplitView, configs: TopicConfigs): TopicPlan {
  const plan: TopicPlan = { runs: [], errors: {} };
  for (const [topic, { schema, effort }] of Object.entries(configs)) {
    const pages = sections.find(({ name }) => name === topic)?.pages;
    if (!pages) plan.errors[topic] = 'The split has no such topic.';
    else if (!schema) plan.errors[topic] = 'schema_config_id not found.';
    else if (pages.length === 0) plan.errors[topic] = 'No pages were assigned to this topic.';
    else plan.runs.push({ topic, schema, pages, effort: effort === true });
  }
  return plan;
}

export function topicCredits({ runs }: TopicPlan): number {
  return runs.reduce((sum, { pages, effort }) => sum + schemaCredits(pages.length, effort), 0);
}

export const topicPages = ({ runs }: TopicPlan): number => runs.reduce((sum, { pages }) => sum + pages.length, 0);

/** Values by topic, the schemas they followed, and the topics that failed. */
export function topicValues(
  { view }: SplitView,
  { runs, errors }: TopicPlan,
  { splitSchemaKey }: PulseSwitches,
): JsonObject {
  const source = citedView(view);
  return {
    [splitSchemaKey]: Object.fromEntries(
      runs.map(({ topic, schema, pages }) => [topic, valuesOf({ ...source, pages }, schema)]),
    ),
    input_schemas: Object.fromEntries(runs.map(({ topic, schema }) => [topic, schema])),
    ...(Object.keys(errors).length > 0 && { errors }),
  };
}
