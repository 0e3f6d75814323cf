import type { JobRef } from '../jobs/types.js';
import { readObject } from './read-object.js';
import { assetListKey, assetPlanKey, claimKey, resultKey } from './result-key.js';
import type { ResultStore } from './result-store.js';

/** An object that a store may hold of a job. */
export interface StoredKey {
  kind: 'result' | 'claim' | 'asset';
  key: string;
}

/**
 * All keys under which a store may hold something of a job, in the order in which they are to be deleted. The claim goes after the result:
 * were it the other way round, a worker that comes late would find neither result nor claim, and would read again what is served once. What
 * names other objects goes after them, so that a forgetting that was interrupted finds them again.
 */
export async function storedKeys(job: JobRef, store: Pick<ResultStore, 'get'>): Promise<StoredKey[]> {
  return [
    { kind: 'result', key: resultKey(job) },
    { kind: 'claim', key: claimKey(job) },
    ...(await assetKeys(job, store)).map((key) => ({ kind: 'asset' as const, key })),
  ];
}

async function assetKeys(job: JobRef, store: Pick<ResultStore, 'get'>): Promise<string[]> {
  const planKey = assetPlanKey(job);
  const plan = await readObject(store, planKey);
  if (plan === null) return [];
  return [...(JSON.parse(Buffer.from(plan).toString('utf8')) as string[]), assetListKey(job), planKey];
}
