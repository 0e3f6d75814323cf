import { randomBytes, randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { OperationRequest } from '../../jobs/activities.js';
import type { Operation } from '../../jobs/types.js';
import type { Provider, SubmitStamp } from '../../providers/provider.js';
import { VendorError } from '../../providers/vendor-error.js';
import type { ConformanceEnvironment } from './kit.js';
import type { ConformanceRow } from './report.js';
import type { ScriptedVendor } from './scripted-vendor.js';

/** Null: all is well; a text: what is not; `skip`: why it is not shown. */
type Verdict = string | null | { skip: string };
interface Check {
  name: string;
  expected: string;
  run: () => Promise<Verdict>;
}

const OPERATION: Operation = 'parse';

/** The provider's calls one by one, without workflows: what they answer to what they can't know is part of their contract. */
export async function* checkCalls(
  provider: Provider,
  vendor: ScriptedVendor,
  env: Pick<ConformanceEnvironment, 'currentTimeMs'>,
): AsyncGenerator<ConformanceRow> {
  for (const { name, expected, run } of checks(provider, vendor, env)) {
    const startedAt = performance.now();
    await vendor.reset();
    let verdict: Verdict;
    try {
      verdict = await run();
    } catch (error) {
      verdict = `threw ${describe(error)}`;
    }
    const cost = { ms: performance.now() - startedAt, requests: await vendor.requests() };
    yield { operation: '—', situation: name, expected, ...said(verdict), ...cost };
  }
}

function said(verdict: Verdict): Pick<ConformanceRow, 'got' | 'ok'> {
  if (verdict === null) return { got: 'so it is', ok: true };
  return typeof verdict === 'string' ? { got: verdict, ok: false } : { got: `not shown: ${verdict.skip}`, ok: null };
}

function checks(
  provider: Provider,
  vendor: ScriptedVendor,
  env: Pick<ConformanceEnvironment, 'currentTimeMs'>,
): Check[] {
  const request = { operation: OPERATION, input: vendor.document };
  const submit = async (stamp: SubmitStamp = { marker: newMarker() }): Promise<string> =>
    (await provider.submit(request, stamp, {})).jobId;
  const stuck = async (stamp?: SubmitStamp): Promise<string> => {
    await vendor.script('never-ends', OPERATION);
    return submit(stamp);
  };
  return [
    {
      name: 'probe',
      expected: 'resolves with the right key',
      run: async () => (await provider.probe({}), null),
    },
    {
      name: 'probe: wrong key',
      expected: 'VendorError auth',
      async run() {
        if (vendor.wrongKey === undefined) return { skip: 'the vendor has no wrongKey' };
        return thrown('auth', vendor.wrongKey.probe({}));
      },
    },
    {
      name: 'get, cancel: unknown job',
      expected: 'null, false',
      async run() {
        const unknown = otherThan(await submit());
        const read = await provider.get(unknown, OPERATION, {});
        const cancelled = await provider.cancel(unknown, {});
        return read === null && !cancelled ? null : `${read === null ? 'null' : 'a read'}, ${cancelled}`;
      },
    },
    {
      name: 'get: aborted call',
      expected: "throws the signal's reason unchanged",
      async run() {
        const jobId = await submit();
        const reason = new Error('given up');
        const error = await errorOf(provider.get(jobId, OPERATION, { signal: AbortSignal.abort(reason) }));
        return error === reason ? null : `threw ${describe(error)}`;
      },
    },
    {
      name: 'get: declared words',
      expected: 'each word reads as the state that is declared for it',
      run: () => checkWords(provider, vendor, () => submit()),
    },
    {
      name: 'cancel: twice',
      expected: 'the job is cancelled; asking again does no harm',
      async run() {
        const jobId = await stuck();
        await provider.cancel(jobId, {});
        // Some vendors refuse the second, which tells as much.
        await provider.cancel(jobId, {}).catch((error: unknown) => {
          if (!(error instanceof VendorError)) throw error;
        });
        const read = await provider.get(jobId, OPERATION, {});
        return read?.snapshot.status === 'cancelled' ? null : `it reads ${read?.snapshot.status ?? 'as unknown'}`;
      },
    },
    {
      name: 'findJob',
      expected: 'finds a job by its marker, no other, and no cancelled one',
      run: () => checkFind(provider, request, env, stuck),
    },
    {
      name: 'listJobs',
      expected: 'shows the job that was just made, and whose it is where findJob finds it',
      run: () => checkList(provider, stuck),
    },
    {
      name: 'deleteJob',
      expected: 'true, then the job is unknown; false for an unknown one',
      run: () => checkDelete(provider, () => submit()),
    },
    {
      name: 'deleteUpload',
      expected: 'true for an upload; false for an unknown one',
      run: () => checkDeleteUpload(provider, vendor),
    },
  ];
}

/** Real time for which a job is waited for: nobody lets the environment's time skip meanwhile. */
const WAIT_MS = 5_000;

async function checkDelete(provider: Provider, submit: () => Promise<string>): Promise<Verdict> {
  if (provider.deleteJob === undefined) return { skip: 'the provider has no deleteJob' };
  const jobId = await submit();
  const until = performance.now() + WAIT_MS;
  while ((await provider.get(jobId, OPERATION, {}))?.snapshot.status !== 'completed') {
    if (performance.now() > until) return { skip: `the vendor's job takes longer than ${WAIT_MS} ms of real time` };
    await pause(100);
  }
  if (await provider.deleteJob(otherThan(jobId), {})) return 'true for an unknown job';
  if (!(await provider.deleteJob(jobId, {}))) return 'false for a job that is there';
  return (await provider.get(jobId, OPERATION, {})) === null ? null : 'the job can still be read';
}

async function checkDeleteUpload(provider: Provider, { file: path }: ScriptedVendor): Promise<Verdict> {
  if (provider.deleteUpload === undefined) return { skip: 'the provider has no deleteUpload' };
  if (path === undefined || provider.upload === undefined) return { skip: 'the vendor has no file' };
  const { size } = await stat(path);
  const file = { filename: basename(path), contentType: 'application/pdf', size, path };
  const { reference } = await provider.upload(file, {});
  if (await provider.deleteUpload(otherThan(reference), {})) return 'true for an unknown upload';
  return (await provider.deleteUpload(reference, {})) ? null : 'false for an upload that is there';
}

async function checkWords(provider: Provider, vendor: ScriptedVendor, submit: () => Promise<string>): Promise<Verdict> {
  if (vendor.sayWord === undefined) return { skip: 'the vendor has no sayWord' };
  const live = Object.entries(provider.statuses).filter(([, status]) => status === 'queued' || status === 'running');
  for (const [word, status] of [...live, ['Reticulating', 'running'] as const]) {
    await vendor.reset();
    await vendor.sayWord(word, OPERATION);
    const jobId = await submit();
    const read = await provider.get(jobId, OPERATION, {});
    const said = read?.snapshot;
    if (said?.status !== status) return `"${word}" reads as ${said?.status ?? 'unknown'}, not ${status}`;
    if (said.vendorStatus.toLowerCase() !== word.toLowerCase()) return `"${word}" is shown as "${said.vendorStatus}"`;
  }
  return null;
}

async function checkFind(
  provider: Provider,
  request: OperationRequest,
  env: Pick<ConformanceEnvironment, 'currentTimeMs'>,
  stuck: (stamp: SubmitStamp) => Promise<string>,
): Promise<Verdict> {
  if (provider.findJob === undefined) return { skip: 'the provider has no findJob' };
  const wanted = { request, since: new Date(await env.currentTimeMs()).toISOString(), earlierLife: false };
  const find = (marker: string, notThese: string[] = []) =>
    provider.findJob!({ ...wanted, markers: [marker], notThese }, {});
  const marker = newMarker();
  const jobId = await stuck({ marker });
  await pause(provider.listSettleMs);
  const found = await find(marker);
  if (found === null || found === 'unsupported') return `it says ${String(found)} of a job that is there`;
  if (found.jobId !== jobId) return `it finds ${found.jobId}, not ${jobId}`;
  if ((await find(newMarker(), [jobId])) !== null) return 'it does not say null of a marker that no job has';
  await provider.cancel(jobId, {});
  return (await find(marker)) === null ? null : 'it does not say null of a cancelled job';
}

async function checkList(provider: Provider, stuck: (stamp: SubmitStamp) => Promise<string>): Promise<Verdict> {
  if (provider.listJobs === undefined) return { skip: 'the provider has no listJobs' };
  const owner = { namespaceId: randomUUID(), workflowId: 'conformance', firstExecutionRunId: randomUUID() };
  const jobId = await stuck({ marker: newMarker(), owner });
  const { jobs } = await provider.listJobs({}, {});
  const job = jobs.find((one) => one.jobId === jobId);
  if (job === undefined) return `it shows ${jobs.length} others`;
  // A list in which a marker is found can show the owner beside it.
  if (provider.findJob === undefined || isDeepStrictEqual(job.owner, owner)) return null;
  return 'it does not show whose job it is: the reaper needs that';
}

const newMarker = (): string => randomBytes(32).toString('hex');

/** An id of the same shape that no job has. */
function otherThan(jobId: string): string {
  const last = jobId.at(-1) ?? '';
  return `${jobId.slice(0, -1)}${last === '0' ? '1' : '0'}`;
}

async function thrown(kind: VendorError['kind'], work: Promise<unknown>): Promise<string | null> {
  const error = await errorOf(work);
  if (error instanceof VendorError && error.kind === kind) return null;
  return error === undefined ? 'it resolves' : `threw ${describe(error)}`;
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

function describe(error: unknown): string {
  if (error instanceof VendorError) return `VendorError ${error.kind}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
