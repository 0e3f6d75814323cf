import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import * as metrics from '../../src/activities/metrics.js';
import { createDocumentActivities, documentMetricBuckets, memoryStore, reducto } from '../../src/index.js';
import type { DocumentActivities } from '../../src/jobs/activities.js';
import { WORKFLOW } from '../../src/jobs/names.js';
import type { JobRef } from '../../src/jobs/types.js';
import { freePorts } from '../../src/local/free-ports.js';
import { createSandbox } from '../../src/sandbox/index.js';
import { serveDocuments } from '../support/document-server.js';
import { ONE_THREAD } from '../support/one-thread.js';
import { createDevServerEnv } from '../support/temporal.js';
import { waitUntil } from '../support/wait-until.js';

/** What rarely happens, made to happen: each of our instruments once, through the meter of a real activity. By the function's name. */
export const RECORDED: Record<keyof typeof metrics, (context: Context, job: JobRef) => void> = {
  recordUncopiedAge: (context, job) => metrics.recordUncopiedAge(context, job, new Date(0).toISOString(), 5_000),
  recordWebhook: (context, job) => metrics.recordWebhook(context, job, 'missed', 60_000),
  recordWaitLag: (context, job) => metrics.recordWaitLag(context, job, new Date(0).toISOString(), 5_000),
  recordRead: (context, job) => metrics.recordRead(context, job, 'sweep_page'),
  recordDurationError: (context, job) => metrics.recordDurationError(context, job, 1_000),
  recordVendorCall: (context, job) => metrics.recordVendorCall(context, job, 'read', 'limited'),
  recordAdmissionWait: (context, job) => metrics.recordAdmissionWait(context, job, 'read', 1_000),
  recordBreaker: (context, job) => metrics.recordBreaker(context, job, true),
  recordEnd: (context, job) => metrics.recordEnd(context, job, 'completed_anyway', { pages: 3, credits: 1.5 }),
  recordOrphan: (context, job) => metrics.recordOrphan(context, job, 'cancelled', { pages: null, credits: null }),
  recordVendorTime: (context, job) => metrics.recordVendorTime(context, job, 90_000),
};

/** One line of Prometheus's text format. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/**
 * What Prometheus reads from a worker that has done a document in the sandbox, failed another one, and was given a workflow that it does not have.
 * @param job what stands in the tags of what was made to happen.
 */
export async function scrapeWorker(job: JobRef): Promise<Sample[]> {
  const [port] = await freePorts(1);
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: {
      logging: { filter: 'OFF', forward: {} },
      metrics: {
        prometheus: { bindAddress: `127.0.0.1:${port}`, histogramBucketOverrides: documentMetricBuckets },
      },
    },
  });
  const [env, documents, sandbox] = await Promise.all([
    createDevServerEnv(),
    serveDocuments(),
    createSandbox({ duration: { baseMs: 100, perPageMs: 0, jitter: 0 } }),
  ]);
  const taskQueue = `operations-${randomUUID()}`;
  const real = createDocumentActivities({ accounts: { reducto: reducto(sandbox.reducto) }, results: memoryStore() });
  const pollDocumentJob: DocumentActivities['pollDocumentJob'] = (input) => {
    for (const record of Object.values(RECORDED)) record(Context.current(), job);
    return real.pollDocumentJob(input);
  };
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle: { codePath: inject('bundlePath') },
    activities: { ...real, pollDocumentJob },
    ...ONE_THREAD,
  });
  const start = (type: string, account: string) =>
    env.client.workflow.start(type, {
      taskQueue,
      workflowId: randomUUID(),
      args: [{ provider: 'reducto', account, source: documents.url('invoice-packet.pdf') }],
    });
  const read = async (): Promise<Sample[]> =>
    parseSamples(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
  try {
    return await worker.runUntil(async () => {
      const stuck = await start('workflowThatNobodyHas', 'reducto');
      const [done, failed] = await Promise.all([
        start(WORKFLOW.processDocument, 'reducto'),
        start(WORKFLOW.processDocument, 'nobody'),
      ]);
      await done.result();
      await failed.result().catch(() => undefined);
      let samples: Sample[] = [];
      await waitUntil(async () => {
        samples = await read();
        return samples.some(({ name }) => name === 'temporal_workflow_task_execution_failed');
      }, 'a workflow task has failed');
      await stuck.terminate();
      return samples;
    });
  } finally {
    await Promise.all([sandbox.close(), documents.close()]);
    await env.teardown();
  }
}

export function parseSamples(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text]);
    return [{ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }];
  });
}
