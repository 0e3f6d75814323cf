import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { findDocumentFailure } from '../../jobs/failures.js';
import { STATUS_QUERY } from '../../jobs/names.js';
import type { DocumentJobsStatus, JobReceipt, Operation } from '../../jobs/types.js';
import type { Provider } from '../../providers/provider.js';
import type { JobOptions } from '../../workflows/index.js';
import { bodyFindings, valueFindings } from './case-findings.js';
import type { Case } from './cases.js';
import type { Observation } from './expectation.js';
import { fileSource, type Kit } from './kit.js';
import type { CaseInput, CaseValue } from './kit-workflow.js';

type Handle = WorkflowHandle<(input: CaseInput) => Promise<CaseValue>>;
/** How a workflow ended. */
type End<T = CaseValue> = { value: T } | { error: unknown };

/**
 * Single reads with durable sleeps between, which the test environment skips; limits far beyond every script. What the worker learns of
 * durations in one case must not reach the next.
 */
export const CASE_OPTIONS = {
  polling: { window: 0, cancelSettle: '5s', expected: '10s' },
  jobDeadline: '6h',
  results: 'auto',
} as const satisfies JobOptions;
const HOUR_MS = 3_600_000;

/** Plays one case against the scripted vendor, in a workflow of its own. */
export async function runCase(kit: Kit, operation: Operation, one: Case): Promise<Observation> {
  const { vendor, provider } = kit;
  await vendor.reset();
  const scripted = await vendor.script(one.situation, operation);
  const source = one.onWorker === true ? fileSource(vendor.file ?? '') : (scripted?.document ?? vendor.document);
  const again = againAfterMs(kit, one, operation, source);
  const input: CaseInput = {
    provider: provider.name,
    account: `case-${randomUUID()}`,
    operation,
    source,
    ask: kit.asks[operation] ?? {},
    options: { ...CASE_OPTIONS, ...one.options },
    ...(again === undefined ? {} : { againAfterMs: again }),
  };
  const handle = await start(kit, input);
  if (one.act === 'cancel' || one.act === 'cancel-elsewhere') {
    const jobId = await runningJob(kit, handle, operation);
    if (jobId !== null) await (one.act === 'cancel' ? handle.cancel() : cancelElsewhere(provider, jobId));
  }
  const end = await endOf(handle);
  return observe(kit, one, input, end, await receiptsOf(handle));
}

/** The reference to a parsed document, as the vendor gives it. @returns null when a parse that nothing disturbs does not complete. */
export async function parsedReference(kit: Kit): Promise<string | null> {
  await kit.vendor.reset();
  const input: CaseInput = {
    provider: kit.provider.name,
    account: 'first',
    operation: 'parse',
    source: kit.vendor.document,
    ask: {},
    options: CASE_OPTIONS,
  };
  const end = await endOf(await start(kit, input));
  return 'value' in end ? (end.value.reference ?? null) : null;
}

/** With the provider's own call, since there is no other. What it throws is no matter of this case: the job just runs on then. */
async function cancelElsewhere(provider: Provider, jobId: string): Promise<void> {
  await provider.cancel(jobId, {}).catch(() => undefined);
}

/** How long after its completion a result is asked for again; undefined: it is not. */
function againAfterMs({ provider }: Kit, { act }: Case, operation: Operation, source: string): number | undefined {
  const retentionMs = provider.retentionMs({ operation, input: source });
  if (act === 'attach-before-expiry') return Math.floor(retentionMs * 0.9);
  return act === 'attach-after-expiry' ? retentionMs + HOUR_MS : undefined;
}

function start({ env, taskQueue }: Kit, input: CaseInput): Promise<Handle> {
  const workflowId = `conformance-${randomUUID()}`;
  return env.client.workflow.start('conformanceCase', { taskQueue, workflowId, args: [input] });
}

/** Waits, by steps of simulated time, until the vendor has accepted the operation's job. @returns null when none is within the limit. */
async function runningJob({ env, caseLimitMs }: Kit, handle: Handle, operation: Operation): Promise<string | null> {
  const until = performance.now() + caseLimitMs;
  for (let turn = 0; performance.now() < until; turn++) {
    const { jobs } = await handle.query<DocumentJobsStatus, []>(STATUS_QUERY).catch(() => ({ jobs: [] }));
    const line = jobs.find((job) => job.operation === operation);
    if (line?.jobId && line.stage === 'waiting') return line.jobId;
    // The first steps are real time, so that a job that is submitted at once is caught before its first read.
    if (turn < 20) await new Promise((resolve) => setTimeout(resolve, 10));
    else if ((await handle.describe()).status.name !== 'RUNNING') return null;
    else await env.sleep(1_000);
  }
  return null;
}

/** Never rejects. */
export function endOf<T>(handle: { result: () => Promise<T> }): Promise<End<T>> {
  return handle.result().then(
    (value): End<T> => ({ value }),
    (error: unknown): End<T> => ({ error }),
  );
}

async function receiptsOf(handle: Handle): Promise<JobReceipt[]> {
  return (await handle.query<DocumentJobsStatus, []>(STATUS_QUERY)).receipt.jobs;
}

async function observe(
  kit: Kit,
  one: Case,
  { operation, ask }: CaseInput,
  end: End,
  all: JobReceipt[],
): Promise<Observation> {
  const { vendor, store } = kit;
  const receipts = all.filter((line) => line.operation === operation);
  const accepted = (await vendor.accepted()).filter((job) => job.operation === operation);
  const bodies = 'value' in end ? [end.value.stored] : [];
  const kept = receipts.at(-1)?.stored;
  if (one.expect.keepsBody === true && kept !== undefined) bodies.push(kept);
  const findings = [
    ...('value' in end ? valueFindings(operation, ask, end.value) : []),
    ...(await bodyFindings(store, bodies)),
    ...(one.expect.keepsBody === true && kept === undefined ? ['the finished body was not kept'] : []),
  ];
  const counts = { submits: await vendor.submits(operation), requests: await vendor.requests() };
  const bodyReads = (await vendor.bodyReads?.()) ?? null;
  return { ...wordsOf(end), operation, accepted, ...counts, bodyReads, receipts, findings };
}

function wordsOf(end: End): { end: string; reason?: string } {
  if ('value' in end) return { end: 'completed' };
  const failure = findDocumentFailure(end.error);
  if (failure !== undefined) return { end: failure.type, reason: failure.message };
  const { cause } = end.error as { cause?: { name?: string; message?: string } };
  if (cause?.name === 'CancelledFailure') return { end: 'cancelled' };
  return { end: cause?.name ?? 'an unknown error', reason: cause?.message ?? String(end.error) };
}
