import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createDocumentActivities, memoryStore, pulse, reducto } from '../src/index.js';
import type { Receipt } from '../src/jobs/types.js';
import { createSandbox } from '../src/sandbox/index.js';
import { serveDocuments } from '../test/support/document-server.js';
import { Random } from '../test/support/random.js';
import type { BenchResult } from './bench-result.js';
import { bundle, existing, quietRuntime } from './environment.js';
import { logVendor, type VendorLog } from './vendor-log.js';

const SEED = 5;
const CANCELS = 200;
const AT_ONCE = 10;
/** From the start of a document to its cancel, ms: from before its submit to well into its wait. */
const LATEST_CANCEL_MS = 6_000;
/** How long the vendor takes to answer a submit, ms. */
const SLOWEST_SUBMIT_MS = 600;

interface Cancelled {
  vendor: string;
  /** What the workflow was doing when it was cancelled. */
  stage: 'not submitted' | 'submitting' | 'asleep' | 'polling';
  /** From the cancel, or the POST's outcome if that is later, to the vendor's cancel call; null where there was no job. */
  lagMs: number | null;
  outcome: string;
}

/** Time from a user's cancel, at a random moment of a document's life, to the cancel at the vendor. */
export async function cancel(): Promise<BenchResult> {
  quietRuntime();
  const source = new Random(SEED);
  const random = (): number => source.next();
  const env = await TestWorkflowEnvironment.createLocal({ server: { executable: await existing('cli') } });
  const sandbox = await createSandbox({ faults: [{ job: 'stuck' }] });
  const documents = await serveDocuments();
  const slowSubmit = (kind: string): Promise<unknown> | void => {
    if (kind === 'submit') return sleep(random() * SLOWEST_SUBMIT_MS);
  };
  await using log = await logVendor(sandbox.url, slowSubmit);
  const connection = await NativeConnection.connect({ address: env.address });
  const taskQueue = `cancel-${randomUUID()}`;
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: { codePath: await bundle('../src/workflows/index.ts') },
    maxConcurrentActivityTaskExecutions: 1_000,
    activities: createDocumentActivities({
      accounts: {
        reducto: reducto({ ...sandbox.reducto, baseUrl: `${log.url}/reducto` }),
        pulse: pulse({ ...sandbox.pulse, baseUrl: `${log.url}/pulse` }),
      },
      results: memoryStore(),
    }),
  });
  const one = async (index: number): Promise<Cancelled> => {
    const vendor = index % 2 === 0 ? 'reducto' : 'pulse';
    // Windows open at once, after a few seconds, or not before the cancel.
    const expected = [1, 3_000, 3_600_000][Math.floor(random() * 3)];
    const afterMs = random() * LATEST_CANCEL_MS;
    const document = documents.url('invoice-packet.pdf');
    const handle = await env.client.workflow.start('processDocument', {
      taskQueue,
      workflowId: `cancel-${randomUUID()}`,
      args: [{ source: document, provider: vendor, polling: { expected, cancelSettle: '5s' } }],
    });
    await sleep(afterMs);
    const at = Date.now();
    await handle.cancel();
    await handle.result().catch(() => undefined);
    return observe(handle, vendor, at, log);
  };
  const rows: Cancelled[] = [];
  await worker.runUntil(async () => {
    const queue = Array.from({ length: CANCELS }, (_, index) => index)[Symbol.iterator]();
    const lane = async (): Promise<void> => {
      for (const index of queue) {
        rows.push(await one(index));
        if (rows.length % 20 === 0) console.error(`${rows.length} of ${CANCELS} cancelled …`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  });
  const running = sandbox.ledger.jobs().filter(({ state }) => state !== 'Cancelled').length;
  await Promise.all([connection.close(), sandbox.close(), documents.close()]);
  await env.teardown();
  return {
    rows: tableOf(rows),
    notes: [`${running} jobs left running; seed ${SEED}`],
    broken: running > 0 ? [`${running} jobs were left running`] : [],
  };
}

async function observe(handle: WorkflowHandle, vendor: string, at: number, { calls }: VendorLog): Promise<Cancelled> {
  const receipt = (await handle.describe()).memo?.documentReceipt as Receipt | undefined;
  const job = receipt?.jobs.find(({ jobId }) => jobId !== null);
  const call = (kind: string) => calls.find((one) => one.kind === kind && one.jobId === job?.jobId);
  const asked = call('cancel')?.at;
  const accepted = call('submit')?.answeredAt ?? 0;
  const lagMs = asked === undefined ? null : asked - Math.max(at, accepted);
  return { vendor, stage: await stageOf(handle), lagMs, outcome: job?.outcome ?? 'no job' };
}

/** By what was open in the history when the cancel was asked for. */
async function stageOf(handle: WorkflowHandle): Promise<Cancelled['stage']> {
  const { events } = await handle.fetchHistory();
  const open = new Map<string, Cancelled['stage']>();
  for (const event of events ?? []) {
    if (event.workflowExecutionCancelRequestedEventAttributes != null) break;
    const { activityTaskScheduledEventAttributes: scheduled, timerStartedEventAttributes: timer } = event;
    if (timer) open.set(`timer ${timer.timerId}`, 'asleep');
    if (event.timerFiredEventAttributes) open.delete(`timer ${event.timerFiredEventAttributes.timerId}`);
    if (scheduled)
      open.set(String(event.eventId), scheduled.activityType?.name === 'pollDocumentJob' ? 'polling' : 'submitting');
    const done = event.activityTaskCompletedEventAttributes;
    if (done) open.delete(String(done.scheduledEventId));
  }
  return [...open.values()][0] ?? 'not submitted';
}

function tableOf(rows: Cancelled[]): unknown[] {
  const figures = (vendor: string, stage: string, some: Cancelled[]) => {
    const lags = some.flatMap(({ lagMs }) => (lagMs === null ? [] : [lagMs])).sort((a, b) => a - b);
    const at = (share: number): number | undefined =>
      lags[Math.min(lags.length - 1, Math.ceil(lags.length * share) - 1)];
    const outcomes = [...new Set(some.map(({ outcome }) => outcome))].join(', ');
    return { vendor, stage, cancels: some.length, 'p50 ms': at(0.5), 'p99 ms': at(0.99), 'max ms': at(1), outcomes };
  };
  const stages = ['not submitted', 'submitting', 'asleep', 'polling'];
  const each = ['reducto', 'pulse'].flatMap((vendor) =>
    stages.map((stage) =>
      figures(
        vendor,
        stage,
        rows.filter((row) => row.vendor === vendor && row.stage === stage),
      ),
    ),
  );
  return [...each, figures('both', 'all', rows)];
}
