import { setTimeout as sleep } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchActivities } from '../../../src/jobs/batch-activities.js';
import type { BatchDocumentEnd } from '../../../src/jobs/batch.js';
import { activityRun } from '../../support/activity-run.js';
import { serveDocuments, type DocumentServer } from '../../support/document-server.js';
import { fakeProvider } from '../../support/fake-provider.js';
import { createHarness, type Harness } from '../../support/harness.js';
import { createDevServerEnv } from '../../support/temporal.js';

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
let harness: Harness;
beforeAll(async () => {
  [env, documents] = await Promise.all([createDevServerEnv(), serveDocuments()]);
  harness = await createHarness(env, { sandbox: { speed: 50 } });
});
afterAll(async () => {
  await harness.stop();
  await documents.close();
  await env.teardown();
});

/** Asks as a worker does until that many have ended. */
async function endsOf(workflowIds: string[]): Promise<Map<string, BatchDocumentEnd>> {
  const { activities, run } = activityRun(fakeProvider(), { sleep: (ms) => sleep(ms) }, env.client);
  const { awaitBatchDocuments } = activities as typeof activities & BatchActivities;
  const ends = new Map<string, BatchDocumentEnd>();
  while (ends.size < workflowIds.length) {
    const left = workflowIds.filter((id) => !ends.has(id));
    const { ended } = await run(() => awaitBatchDocuments({ workflowIds: left, patienceMs: 10_000 }));
    for (const { workflowId, end } of ended) ends.set(workflowId, end);
  }
  return ends;
}

describe('the end of a document, on a real server', () => {
  it('is found for each workflow, whichever of ours it is and however it ended', async () => {
    const input = { source: documents.url('invoice-packet.pdf'), provider: 'reducto' };
    const slow = {
      ...input,
      source: `${documents.url('invoice-packet.pdf')}?slow`,
      polling: { expected: '10 minutes' },
    };
    const bad = { ...input, schema: { type: 'string' } };
    const alone = await harness.start('processDocument', input);
    const ofBatch = await harness.start('processBatchDocument', input);
    const failedAlone = await harness.start('processDocument', bad);
    const failedOfBatch = await harness.start('processBatchDocument', bad);
    const unserved = { taskQueue: 'nobody-serves-it' };
    const terminated = await harness.startWith({}, 'processBatchDocument', slow);
    await terminated.terminate('by a test');
    const cancelled = await env.client.workflow.start('processBatchDocument', {
      ...unserved,
      workflowId: 'never-began',
      args: [input],
    });
    await cancelled.terminate('never began');
    const timedOut = await env.client.workflow.start('processBatchDocument', {
      ...unserved,
      workflowId: 'timed-out',
      args: [input],
      workflowExecutionTimeout: 1_000,
    });
    const stopped = await harness.start('processBatchDocument', input);
    await stopped.cancel();
    const named = { alone, ofBatch, failedAlone, failedOfBatch, terminated, cancelled, timedOut, stopped };
    const ends = await endsOf([...Object.values(named).map(({ workflowId }) => workflowId), 'unknown']);
    const endOf = (name: keyof typeof named): BatchDocumentEnd | undefined => ends.get(named[name].workflowId);
    for (const name of ['alone', 'ofBatch'] as const) {
      expect(endOf(name)).toMatchObject({ state: 'done', jobs: [{ operation: 'parse', outcome: 'completed' }] });
      expect(endOf(name)?.jobs[0]?.stored?.key).toMatch(/^reducto\/reducto\/parse\//);
      expect(endOf(name)?.pages).toBeGreaterThan(0);
    }
    for (const name of ['failedAlone', 'failedOfBatch'] as const) {
      expect(endOf(name)).toMatchObject({ state: 'refused', error: { type: 'DocumentInputInvalid' }, jobs: [] });
    }
    expect(endOf('terminated')).toMatchObject({ state: 'failed', error: { type: 'WorkflowTerminated' } });
    expect(endOf('cancelled')).toMatchObject({ state: 'failed', error: { type: 'WorkflowTerminated' } });
    expect(endOf('timedOut')).toMatchObject({ state: 'failed', error: { type: 'WorkflowTimedOut' } });
    expect(endOf('stopped')).toMatchObject({ state: 'cancelled' });
    expect(endOf('stopped')?.error).toBeUndefined();
    expect(ends.get('unknown')).toMatchObject({ state: 'failed', error: { type: 'WorkflowNotFound' } });
    for (const end of ends.values()) expect(Date.parse(end.endedAt)).toBeGreaterThanOrEqual(Date.parse(end.startedAt));
  }, 120_000);
});
