import { createHash } from 'node:crypto';
import type { JobRef, Operation } from '../jobs/types.js';

const MAX_SEGMENT = 120;

/**
 * Where a job's whole result lies: `<provider>/<account>/<operation>/<jobId>.json`. The same job has the same key for ever, so that
 * a second collect finds the first one's object.
 */
export function resultKey({ provider, account, operation, jobId }: JobRef): string {
  return `${[provider, account, operation, jobId].map(keySegment).join('/')}.json`;
}

/** Where whoever reads a result that is served once has said so: beside the result. */
export const claimKey = (job: JobRef): string => resultKey(job).replace(/\.json$/, '.claim.json');

/** Where the list of the files that a result named lies, when they were copied: an `AssetList`. */
export const assetListKey = (job: JobRef): string => resultKey(job).replace(/\.json$/, '/assets.json');

/** Where the keys of all of them are written down before the first one is copied: a list of strings. */
export const assetPlanKey = (job: JobRef): string => resultKey(job).replace(/\.json$/, '/assets-planned.json');

/** Where the n-th of these files lies. @param field of the body that named it. */
export const assetKey = (job: JobRef, at: number, field: string): string =>
  resultKey(job).replace(/\.json$/, `/assets/${at + 1}-${keySegment(field)}`);

/**
 * The job whose result lies under a key. Names that a key can't hold as they are come back as the key has them.
 * @returns null for a key that is not made so.
 */
export function jobOfKey(key: string): JobRef | null {
  const [, provider, account, operation, jobId] = /^([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)\.json$/.exec(key) ?? [];
  if (provider === undefined || account === undefined || jobId === undefined) return null;
  return { provider, account, operation: operation as Operation, jobId };
}

/** A name as one segment of a key. Names that had to be changed get a hash of the original, so that two of them never share a key. */
export function keySegment(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^[._-]+/, '');
  if (safe === name && safe.length <= MAX_SEGMENT && safe !== '') return safe;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${safe.slice(0, MAX_SEGMENT) || 'x'}-${hash}`;
}
