import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { fileStore, type ResultStore } from '../../../src/results/index.js';
import { readObject } from '../../../src/results/read-object.js';
import { claimKey, resultKey } from '../../../src/results/result-key.js';
import { s3Store, type S3StoreOptions } from '../../../src/results/s3/index.js';
import { sha256 } from '../../../src/results/sha256.js';
import { CREDENTIALS } from '../../support/s3-server.js';
import type { AttemptPlan } from './attempt-plan.js';
import { type Cell, isOnce } from './cells.js';
import { isThere } from './points.js';
import { runAttempt } from './run-attempt.js';
import type { FinishedJob, Stage } from './stage.js';

export interface PlayedCell {
  cell: Cell;
  /** How attempt 2 ended. */
  end: string;
  /** What must not be. */
  problems: string[];
  ms: number;
}

const MIB = 1024 * 1024;
const LOOK_EVERY_MS = 40;

/** A cell's own place in a store, as the outside sees it. */
interface Place {
  plan: AttemptPlan['store'];
  store: ResultStore;
  /** Keys of all objects of the job. */
  keys(): Promise<string[]>;
  /** Files and uploads that nobody will finish. */
  leftovers(): Promise<string[]>;
}

/** Kills the first attempt at the cell's point, lets a second one come, and looks all the time. */
export async function playCell(stage: Stage, cell: Cell): Promise<PlayedCell> {
  const startedAt = performance.now();
  const problems: string[] = [];
  const [job, tmp, root] = await Promise.all([stage.finishedJob(cell.body), stage.folder(), stage.folder()]);
  const { vendor, access, jobId, sandbox } = job;
  const ref = { provider: vendor, account: vendor, operation: 'parse' as const, jobId };
  const key = resultKey(ref);
  const place = cell.store === 'file' ? inFolder(root) : inBucket(stage, key);
  const at = { program: stage.program, tmp };
  const plan = { vendor, access, jobId, store: place.plan };
  const look = looker(place.store, key, job, problems);

  const first = await look.during(runAttempt(at, { ...plan, attempt: 1, point: cell.point }));
  if (first.signal !== 'SIGKILL') problems.push(`its point did not come: ${JSON.stringify(first.end)} ${first.said}`);
  const between = await look.once();
  if (between !== isThere(cell.point))
    problems.push(`between the attempts the object is ${between ? '' : 'not '}there`);

  const second = await look.during(runAttempt(at, { ...plan, attempt: 2 }));
  const { end } = second;
  const ended = end?.state === 'failed' ? end.type : (end?.state ?? second.said);
  if (ended !== cell.end) problems.push(`attempt 2 ended as ${JSON.stringify(end)} ${second.said}`);
  const isKept = await look.once();
  if (isKept !== (cell.end === 'completed')) problems.push(`at the end the object is ${isKept ? '' : 'not '}there`);
  if (end?.state === 'completed' && !look.seen.has(end.stored.sha256)) problems.push('another hash was reported');
  if (look.seen.size > 1) problems.push(`${look.seen.size} different objects were seen`);

  const expected = [...(isKept ? [key] : []), ...(isOnce(cell.body) ? [claimKey(ref)] : [])].sort();
  const keys = (await place.keys()).sort();
  if (keys.join() !== expected.join()) problems.push(`the store has ${keys.join()}`);
  for (const left of [...(await place.leftovers()), ...(await filesBelow(tmp))]) problems.push(`left behind: ${left}`);
  const jobs = sandbox.ledger.accepted().filter((one) => one.jobId === jobId);
  if (jobs.length !== 1) problems.push(`${jobs.length} jobs`);
  return { cell, end: ended, problems, ms: performance.now() - startedAt };
}

function inFolder(root: string): Place {
  const folder = join(root, 'results');
  const files = async (): Promise<string[]> => filesBelow(folder);
  return {
    plan: { root: folder },
    store: fileStore(folder),
    keys: async () => (await files()).filter((name) => !name.startsWith('.')),
    leftovers: async () => (await files()).filter((name) => name.startsWith('.')),
  };
}

function inBucket({ s3: { bucket, client, endpoint } }: Stage, key: string): Place {
  const place = { bucket, endpoint, region: 'us-east-1', credentials: CREDENTIALS };
  const s3: S3StoreOptions = { ...place, partSize: 5 * MIB };
  const Prefix = key.replace(/\.json$/, '');
  return {
    plan: { s3 },
    store: s3Store(s3),
    async keys() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
      return Contents.map((one) => one.Key ?? '');
    },
    async leftovers() {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      return Uploads.filter((one) => one.Key === key).map((one) => `an upload of ${one.Key}`);
    },
  };
}

/** Reads the object again and again: what can be read is whole, always. */
function looker(store: ResultStore, key: string, job: FinishedJob, problems: string[]) {
  const seen = new Set<string>();
  async function once(): Promise<boolean> {
    const bytes = await readObject(store, key);
    if (bytes === null) return false;
    seen.add(sha256(bytes));
    if (!job.isWhole(bytes)) problems.push(`a partial object is readable: ${bytes.byteLength} bytes`);
    return true;
  }
  async function during<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const watch = async (): Promise<void> => {
      // What has come stays: it is read again at the end.
      while (!isOver && !(await once())) await sleep(LOOK_EVERY_MS);
    };
    const [end] = await Promise.all([work.finally(() => (isOver = true)), watch()]);
    return end;
  }
  return { seen, once, during };
}

async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((one) => one.isFile()).map((one) => relative(folder, join(one.parentPath, one.name)));
}
