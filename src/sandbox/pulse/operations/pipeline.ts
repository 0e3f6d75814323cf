import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { JsonObject } from '../../../jobs/json.js';
import { once } from '../../once.js';
import type { View } from '../../view.js';
import { extractCredits, schemaCredits, splitCredits, tableCredits } from '../billing.js';
import { citedView } from '../content/cited-source.js';
import { checkExtractOptions, extraction } from '../content/extraction.js';
import { orderedSteps, topicSchemas, wholeSchema } from '../content/pipeline-steps.js';
import { placeBlocks } from '../content/place-blocks.js';
import { checkTopics, splitOf, splitOutput } from '../content/split-topics.js';
import { tablesOf, tablesOutput } from '../content/tables.js';
import { planTopics, topicCredits, topicValues } from '../content/topic-values.js';
import { valuesOf } from '../content/values.js';
import type { LoadSplit } from '../library.js';
import { type AnswerContext, defineOperation } from '../operation.js';
import { flag } from '../request-fields.js';
import { openSource } from '../source.js';

const body = z.looseObject({
  file_url: z.string().nullish(),
  steps: orderedSteps,
  auto_delete: flag.nullish(),
  async: flag.nullish(),
});
type Steps = z.infer<typeof orderedSteps>['steps'];

/** What a step adds to the result, and what it costs. */
interface StepWork {
  name: string;
  credits: number;
  compute: (context: AnswerContext) => JsonObject;
}

/** Pipeline: extract, and then split, schema or tables of it, in one job. */
export const pipeline = defineOperation({
  operation: 'pipeline',
  endpoint: 'pipeline',
  path: '/pipeline/execute',
  feature: 'enable_adhoc_pipeline',
  takesForms: true,
  body,
  plan({ body, file, vendor }) {
    const { steps } = body.steps;
    checkSteps(steps);
    const load = openSource(vendor, { file, file_url: body.file_url, pages: steps.extract.pages });
    const autoDelete = body.auto_delete === true;
    const ids = { extraction: steps.extract.storage?.enabled === false ? null : randomUUID(), split: randomUUID() };
    const loadSplit = once(async () => splitOf(await load(), steps.split!));
    return {
      refuseAtOnce: file !== null && steps.extract.pages != null,
      carriesText: true,
      keep(jobId) {
        if (autoDelete || ids.extraction === null) return;
        vendor.library.keepExtraction(ids.extraction, jobId, load);
        if (steps.split) vendor.library.keepSplit(ids.split, jobId, loadSplit);
      },
      async work() {
        const view = await load();
        const works = await stepWorks(view, steps, ids, loadSplit);
        return {
          pages: view.pages.length,
          totalPages: view.totalPages,
          credits: works.reduce((sum, { credits }) => sum + credits, 0),
          compute: (context) => ({
            status: 'completed',
            total_latency: context.latency,
            results: Object.fromEntries(
              works.map(({ name, compute }) => [
                name,
                { ...compute(context), latency: context.latency / works.length },
              ]),
            ),
            ...(autoDelete && { auto_delete: true }),
          }),
        };
      },
    };
  },
});

function checkSteps(steps: Steps): void {
  checkExtractOptions(steps.extract);
  if (steps.split) checkTopics(steps.split);
  if (!steps.schema) return;
  if (steps.split) topicSchemas(steps.schema, topicNames(steps));
  else wholeSchema(steps.schema);
}

const topicNames = ({ split }: Steps): string[] => (split?.split_input ?? []).map(({ name }) => name);

async function stepWorks(
  view: View,
  steps: Steps,
  ids: { extraction: string | null; split: string },
  loadSplit: LoadSplit,
): Promise<StepWork[]> {
  const works: StepWork[] = [
    {
      name: 'extract',
      credits: extractCredits(view, steps.extract),
      compute: () => ({ ...extraction(view, steps.extract, ids.extraction), pages: view.pages.length }),
    },
  ];
  if (steps.split) {
    const { sections } = await loadSplit();
    const split_input = steps.split.split_input.map(({ name, description }) => ({
      name,
      description: description ?? null,
    }));
    works.push({
      name: 'split',
      credits: splitCredits(view),
      compute: ({ switches }) => ({
        split_id: ids.split,
        split_output: splitOutput(sections, switches),
        split_input,
      }),
    });
  }
  if (steps.schema) works.push(await schemaWork(view, steps, loadSplit));
  if (steps.tables) works.push(tablesWork(view, steps.tables));
  return works;
}

async function schemaWork(view: View, steps: Steps, loadSplit: LoadSplit): Promise<StepWork> {
  const [step, schema_id] = [steps.schema!, randomUUID()];
  if (!steps.split) {
    const { schema, effort } = wholeSchema(step);
    return {
      name: 'schema',
      credits: schemaCredits(view.pages.length, effort),
      compute: () => ({ schema_id, schema_output: valuesOf(citedView(view), schema) }),
    };
  }
  const split = await loadSplit();
  const topics = planTopics(split, topicSchemas(step, topicNames(steps)));
  return {
    name: 'schema',
    credits: topicCredits(topics),
    compute: ({ switches }) => ({ schema_id, ...topicValues(split, topics, switches) }),
  };
}

function tablesWork(view: View, { merge, table_format }: NonNullable<Steps['tables']>): StepWork {
  const found = tablesOf(placeBlocks(view), merge === true);
  return {
    name: 'tables',
    credits: tableCredits(found.length, merge === true),
    compute: () => ({ tables_id: randomUUID(), tables_output: tablesOutput(found, table_format) }),
  };
}
