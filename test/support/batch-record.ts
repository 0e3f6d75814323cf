import { type BatchDrive } from '../../src/batch/record/batch-drives.js';
import { batchKeys } from '../../src/batch/record/batch-keys.js';
import type { BatchRow } from '../../src/jobs/batch.js';
import { type ResultStore, ResultStoreError } from '../../src/results/index.js';

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

export const batchRow = (index: number, more: Partial<BatchRow> = {}): BatchRow => ({
  schemaVersion: 1,
  index,
  id: `document-${index}`,
  source: `https://files.example/${index}.pdf`,
  workflowId: `document-${index}`,
  state: 'done',
  jobs: [],
  pages: 1,
  credits: 1,
  drive: 0,
  startedAt: '2026-11-24T10:00:00.000Z',
  endedAt: '2026-11-24T10:00:05.000Z',
  ...more,
});

/** Writes a drive down as planning does it. */
export async function planDrive(store: ResultStore, more: Partial<BatchDrive> = {}): Promise<BatchDrive> {
  const drive: BatchDrive = {
    schemaVersion: 1,
    batchId: 'batch',
    drive: 0,
    plannedAt: '2026-11-24T10:00:00.000Z',
    firstExecutionRunId: 'run',
    manifest: { kind: 'file', path: 'manifest.jsonl' },
    planId: 'plan',
    planPages: 1,
    documents: 1,
    unusableRows: 0,
    segments: 0,
    skipped: 0,
    ...more,
  };
  await store.put(batchKeys(drive.batchId).drive(drive.drive), Buffer.from(JSON.stringify(drive)), 'application/json');
  return drive;
}

const kept = new WeakMap<ResultStore, Set<string>>();

/** A store that remembers its keys, which a store itself can't list. */
export function listed(store: ResultStore): ResultStore {
  const keys = new Set<string>();
  const listing: ResultStore = {
    ...store,
    async put(key, body, type) {
      const facts = await store.put(key, body, type);
      keys.add(key);
      return facts;
    },
    async delete(key) {
      await store.delete(key);
      keys.delete(key);
    },
  };
  kept.set(listing, keys);
  return listing;
}

/** The keys of a {@link listed} store, sorted. */
export const keysOf = (store: ResultStore): string[] => [...(kept.get(store) ?? [])].sort();

/** A store of which the n-th call (from 0), and all after it, never reach it: the process is gone. */
export function faulty(inner: ResultStore, crashAt: number): { store: ResultStore; calls: () => number } {
  let calls = 0;
  const call = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (calls++ >= crashAt) throw new ResultStoreError('the process has ended', true);
      return work(...args);
    };
  };
  const store: ResultStore = {
    put: call(inner.put.bind(inner)),
    head: call(inner.head.bind(inner)),
    get: call(inner.get.bind(inner)),
    delete: call(inner.delete.bind(inner)),
  };
  return { store, calls: () => calls };
}
