import { randomBytes } from 'node:crypto';
import type { ResultStore } from '../../results/result-store.js';
import { withinLimit } from '../conformance/within-limit.js';
import { STORE_CASES } from './store-cases.js';
import type { StoreCase, StoreKit } from './store-kit.js';
import { createStoreReport, type StoreConformanceReport, type StoreConformanceRow } from './store-report.js';

export interface StoreConformanceOptions {
  /** A second store object on the same place, as another worker has it. Without, what only two can show is not shown. */
  another?: ResultStore;
  /** Size of the large bodies, bytes, at least 1 MiB: should be above the size where the store begins to work in parts. Default 20 MiB. */
  largeBytes?: number;
  /** Only these situations, for work on one of them. Default: all. */
  situations?: readonly string[];
  /** Real time that a case may take, ms. Default 60,000. */
  caseLimitMs?: number;
  /** Told of each row as it comes. */
  print?: (row: StoreConformanceRow) => void;
}

const MIB = 1024 * 1024;

/**
 * Holds a result store against what the package relies on. All keys lie below `conformance-<random>` and are deleted at the end, so that
 * it may run on a place that is in use.
 * @returns what the store does wrong is in the report; nothing of it is thrown.
 */
export async function checkResultStore(
  store: ResultStore,
  options: StoreConformanceOptions = {},
): Promise<StoreConformanceReport> {
  const { another, largeBytes = 20 * MIB, situations, caseLimitMs = 60_000, print = () => undefined } = options;
  if (!(largeBytes >= MIB)) throw new TypeError(`checkResultStore: largeBytes must be at least ${MIB}`);
  const folder = `conformance-${randomBytes(6).toString('hex')}`;
  const used: string[] = [];
  const kit: StoreKit = {
    store,
    ...(another === undefined ? {} : { another }),
    largeBytes,
    key(extension = '.json') {
      const key = `${folder}/k${used.length}${extension}`;
      used.push(key);
      return key;
    },
  };
  const rows: StoreConformanceRow[] = [];
  try {
    for (const one of STORE_CASES) {
      if (situations?.includes(one.situation) === false) continue;
      const row = await rowOf(kit, one, caseLimitMs);
      rows.push(row);
      print(row);
    }
  } finally {
    for (const key of used) await store.delete(key).catch(() => undefined);
  }
  return createStoreReport(rows);
}

async function rowOf(kit: StoreKit, one: StoreCase, limitMs: number): Promise<StoreConformanceRow> {
  const { situation, expected } = one;
  if (one.needsAnother === true && kit.another === undefined) {
    return { situation, expected, got: 'not shown: `another` is not given', ms: 0, ok: null };
  }
  const startedAt = performance.now();
  const took = (): number => performance.now() - startedAt;
  try {
    await withinLimit(limitMs, one.run(kit));
    return { situation, expected, got: 'so it is', ms: took(), ok: true };
  } catch (error) {
    return { situation, expected, got: textOf(error), ms: took(), ok: false };
  }
}

const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'NotAsPromised' || error.name === 'CaseHangs'
    ? error.message
    : `${error.name}: ${error.message}`;
};
