import type { WorkflowHandle } from '@temporalio/client';
import type { BatchSource } from '../../src/batch/manifest/batch-sources.js';
import type { BatchStatus, ProcessBatchInput } from '../../src/jobs/batch.js';
import { BATCH_STATUS_QUERY, BATCH_UPDATE } from '../../src/jobs/names.js';
import { waitUntil } from '../../test/support/wait-until.js';
import type { Life, Scenario, Stage } from './scenario.js';

/** Lists the one document that there is as often as it is told, under different ids. */
export const sameDocument: BatchSource = async function* ({ source, count }) {
  for (let n = 0; n < Number(count); n++)
    yield { source: source as string, id: `document-${n}`, tenant: `tenant-${n % 2}` };
};

const batch =
  (count: number, over: Partial<ProcessBatchInput> = {}) =>
  ({ vendor, source }: Stage): [ProcessBatchInput] => [
    {
      manifest: { kind: 'source', name: 'same', args: { source, count } },
      request: { provider: vendor.name, polling: { expected: '1s', cancelSettle: '5s' } },
      ...over,
    },
  ];

/** A document's workflow of each life, once the batch has ended. */
const documents = new WeakMap<Life, WorkflowHandle>();

/** Lives of `processBatch` and of a document of its. */
export const BATCH_SCENARIOS: readonly Scenario[] = [
  {
    name: 'batch',
    workflow: 'processBatch',
    server: 'dev',
    args: batch(3),
    async act(life) {
      await life.ended();
      documents.set(life, life.env.client.workflow.getHandle(await firstDocument(life.handle)));
    },
    also: (life): Record<string, WorkflowHandle> => {
      const document = documents.get(life);
      return document === undefined ? {} : { document };
    },
  },
  {
    name: 'batch-carried',
    workflow: 'processBatch',
    server: 'dev',
    args: batch(12, { window: 4, eventsPerRun: 50, paused: true }),
    act: ({ handle }) => handle.executeUpdate(BATCH_UPDATE, { args: [{ paused: false }] }).then(() => undefined),
    also: ({ env, handle: { workflowId, firstExecutionRunId } }) => ({
      'first-run': env.client.workflow.getHandle(workflowId, firstExecutionRunId),
    }),
  },
  {
    name: 'batch-cancelled',
    workflow: 'processBatch',
    server: 'dev',
    faults: () => [{ job: 'stuck' }],
    args: batch(3, { window: 2 }),
    async act({ handle, sandbox }) {
      await waitUntil(async () => {
        const { running } = await handle.query<BatchStatus>(BATCH_STATUS_QUERY);
        return running === 2 && sandbox.ledger.accepted().length === 2;
      }, 'two documents run');
      await handle.cancel();
    },
  },
];

async function firstDocument(batch: WorkflowHandle): Promise<string> {
  for (const { startChildWorkflowExecutionInitiatedEventAttributes: one } of (await batch.fetchHistory()).events ??
    []) {
    if (one?.workflowId) return one.workflowId;
  }
  throw new Error('the batch started no document');
}
