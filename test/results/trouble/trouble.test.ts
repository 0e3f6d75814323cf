import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResultRef } from '../../../src/jobs/types.js';
import { fileStore } from '../../../src/results/index.js';
import { readObject } from '../../../src/results/read-object.js';
import { s3Store } from '../../../src/results/s3/index.js';
import { type S3Call, type S3Fault, type S3Faults, startS3Faults } from '../../support/s3-faults.js';
import { CREDENTIALS } from '../../support/s3-server.js';
import type { AttemptEnd, AttemptPlan } from '../kill/attempt-plan.js';
import type { Body } from '../kill/cells.js';
import { type AttemptPlace, runAttempt } from '../kill/run-attempt.js';
import { type FinishedJob, type Stage, startStage } from '../kill/stage.js';
import { type BadFolder, fileSizeLimit, fullDisk, readOnlyFolder } from './ways.js';

let stage: Stage;
let endpoint: string;
beforeAll(async () => {
  stage = await startStage();
  ({ endpoint } = stage.s3);
}, 240_000);
afterAll(async () => {
  const { asked, arrived } = stage.submits();
  await stage[Symbol.asyncDispose]();
  expect(arrived, 'submits').toBe(asked);
});

/** Can heal: Temporal tries again. */
const HEALS = { state: 'failed', type: 'DocumentVendorTrouble', isFinal: false };
/** Cannot: somebody has to mend it, and attach. */
const REFUSED = { state: 'failed', type: 'DocumentResultStoreRefused', isFinal: true };
const TRIED_AGAIN = /Mend it; it is tried again, and the job is not submitted again\.$/;
const ATTACH = /Mend the store, then attach to the job by its id/;

async function attemptOf(
  job: FinishedJob,
  over: Partial<AttemptPlan> & Pick<AttemptPlan, 'store' | 'attempt'>,
  place: AttemptPlace,
): Promise<AttemptEnd> {
  const { vendor, access, jobId } = job;
  const { end, said } = await runAttempt(place, { vendor, access, jobId, ...over });
  if (end === null) throw new Error(`the attempt said nothing: ${said}`);
  return end;
}

/** What an operator reads names job and key, and nothing that is secret or of this host. */
function expectWords(end: AttemptEnd, words: RegExp, advice: RegExp, job: FinishedJob, paths: readonly string[]): void {
  if (end.state !== 'failed') throw new Error(`it ended as ${end.state}`);
  expect(end.message).toMatch(words);
  expect(end.message).toMatch(advice);
  expect(end.message).toContain(job.jobId);
  const secrets = [
    job.access.apiKey,
    CREDENTIALS.accessKeyId,
    CREDENTIALS.secretAccessKey,
    'canary',
    'arn:',
    '://',
    'localhost',
  ];
  for (const secret of [...secrets, ...paths]) expect(end.message).not.toContain(secret);
}

async function expectHealed(
  end: AttemptEnd,
  read: (key: string) => Promise<Uint8Array | null>,
  job: FinishedJob,
): Promise<void> {
  expect(end).toMatchObject({ state: 'completed' });
  const { stored } = end as { stored: ResultRef };
  expect(job.isWhole((await read(stored.key)) ?? new Uint8Array())).toBe(true);
  expect(job.sandbox.ledger.accepted().filter(({ jobId }) => jobId === job.jobId)).toHaveLength(1);
}

describe('a folder in trouble', { timeout: 60_000 }, () => {
  type Bad = (root: string, tmp: string) => Promise<BadFolder>;

  it.concurrent.each<[string, Body, Bad, object, RegExp, RegExp]>([
    ['full disk', 'inline', fullDisk, HEALS, /no space left \(ENOSPC\)/, TRIED_AGAIN],
    ['full disk, a body that is streamed', 'url', fullDisk, HEALS, /no space left \(ENOSPC\)/, TRIED_AGAIN],
    ['limit of the size of files', 'url', fileSizeLimit, HEALS, /EFBIG/, TRIED_AGAIN],
    ['read-only folder', 'small', readOnlyFolder, REFUSED, /permission denied \(EACCES\)/, ATTACH],
    [
      'read-only folder, a body that is read once',
      'once',
      readOnlyFolder,
      REFUSED,
      /permission denied \(EACCES\)/,
      ATTACH,
    ],
  ])('%s: typed, and fetched again when it is well', async (_what, body, bad, kind, words, advice) => {
    const [job, tmp, outer] = await Promise.all([stage.finishedJob(body), stage.folder(), stage.folder()]);
    await chmod(outer, 0o755);
    const root = join(outer, 'results');
    const { place, plan, ...folder } = await bad(root, tmp);
    const at = { program: stage.program, tmp };
    const failed = await attemptOf(job, { attempt: 1, store: { root }, ...plan }, { ...at, ...place });
    expect(failed).toMatchObject(kind);
    expectWords(failed, words, advice, job, [outer, tmp]);
    await folder.heal();
    const { uid } = place;
    const end = await attemptOf(job, { attempt: 2, store: { root } }, { ...at, ...(uid === undefined ? {} : { uid }) });
    await expectHealed(end, (key) => readObject(fileStore(root), key), job);
  });
});

describe('a bucket in trouble', { timeout: 60_000 }, () => {
  const always = (wanted: S3Call[], fault: S3Fault) => (call: S3Call) => (wanted.includes(call) ? fault : undefined);
  const optionsOf = (faults: S3Faults, bucket = 'results') => ({
    ...{ bucket, endpoint: faults.endpoint, region: 'us-east-1', credentials: CREDENTIALS },
    timeoutMs: 20_000,
  });

  it.concurrent.each<[string, (call: S3Call) => S3Fault | undefined, object, RegExp, RegExp]>([
    ['403', always(['HEAD', 'GET', 'PUT'], { reply: 403, code: 'AccessDenied' }), REFUSED, /access denied/, ATTACH],
    ['403 for writes', always(['PUT'], { reply: 403, code: 'AccessDenied' }), REFUSED, /access denied/, ATTACH],
    [
      'no such bucket',
      always(['HEAD', 'GET', 'PUT'], { reply: 404, code: 'NoSuchBucket' }),
      REFUSED,
      /bucket does not exist/,
      ATTACH,
    ],
    ['503', always(['PUT'], { reply: 503, code: 'SlowDown' }), HEALS, /asks to slow down/, TRIED_AGAIN],
    ['slow', always(['PUT'], 'hang'), HEALS, /did not answer in time/, TRIED_AGAIN],
    ['broken connections', always(['PUT'], 'drop'), HEALS, /connection broke|in time/, TRIED_AGAIN],
  ])('%s: typed, and fetched again when it is well', async (what, fault, kind, words, advice) => {
    await using faults = await startS3Faults(endpoint);
    const [job, tmp] = await Promise.all([stage.finishedJob('small'), stage.folder()]);
    const at = { program: stage.program, tmp };
    const store = { s3: optionsOf(faults) };
    faults.fault = fault;
    const impatient = what === 'slow' ? { s3: { ...store.s3, timeoutMs: 400 } } : store;
    const failed = await attemptOf(job, { attempt: 1, store: impatient }, at);
    expect(failed).toMatchObject(kind);
    expectWords(failed, words, advice, job, [tmp, '127.0.0.1']);
    faults.fault = () => undefined;
    const end = await attemptOf(job, { attempt: 2, store }, at);
    await expectHealed(end, (key) => readObject(s3Store(store.s3), key), job);
  });

  it.concurrent('an object that is cut off when it is read back: tried again, and read when it is well', async () => {
    await using faults = await startS3Faults(endpoint);
    const [job, tmp] = await Promise.all([stage.finishedJob('url'), stage.folder()]);
    const at = { program: stage.program, tmp };
    const store = { s3: optionsOf(faults) };
    await runAttempt(at, { ...job, attempt: 1, store, point: 'stored' });
    faults.fault = always(['GET'], 'cut');
    const failed = await attemptOf(job, { attempt: 2, store }, at);
    expect(failed).toMatchObject(HEALS);
    expectWords(failed, /connection broke/, TRIED_AGAIN, job, [tmp, '127.0.0.1']);
    faults.fault = () => undefined;
    const end = await attemptOf(job, { attempt: 3, store }, at);
    await expectHealed(end, (key) => readObject(s3Store(store.s3), key), job);
  });
});

it('a download that is cut off stores nothing, is told as the vendor’s trouble, and comes again', async () => {
  const [job, tmp, root] = await Promise.all([stage.finishedJob('once half sent'), stage.folder(), stage.folder()]);
  const at = { program: stage.program, tmp };
  const cut = await attemptOf(job, { attempt: 1, store: { root } }, at);
  expect(cut).toMatchObject({ state: 'pending', trouble: expect.any(String) as string });
  const end = await attemptOf(job, { attempt: 2, store: { root } }, at);
  await expectHealed(end, (key) => readObject(fileStore(root), key), job);
});
