import { ResultStoreError, type ResultStore } from '../../results/result-store.js';
import type { Finding } from './finding.js';

/**
 * Deletes an object and makes sure.
 * @throws ResultStoreError when the store refuses or is in trouble, and when the object is there again: a worker that was late has put it.
 */
export async function eraseStored(store: ResultStore, key: string, now: () => Promise<number>): Promise<Finding> {
  if ((await store.head(key)) === null) return { state: 'absent' };
  await store.delete(key);
  if ((await store.head(key)) !== null) {
    throw new ResultStoreError(`result store: ${key} is still there after its deletion`, true);
  }
  return { state: 'erased', at: new Date(await now()).toISOString() };
}
