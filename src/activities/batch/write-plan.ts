import { type BatchDrive, readBatchDrive } from '../../batch/record/batch-drives.js';
import { type BatchKeys, batchKeys } from '../../batch/record/batch-keys.js';
import { BATCH_PAGE } from '../../jobs/batch-activities.js';
import { sha256 } from '../../results/sha256.js';
import type { ResultStore } from '../../results/result-store.js';
import type { PlanSpool } from './plan-spool.js';

/** Of one page, as JSON: it travels through Temporal, which warns of more. */
export const MAX_PAGE_BYTES = 256 * 1024;
/** Rows of one segment that the planner writes. */
const SEGMENT_ROWS = 200;
/** Objects under way to the store at once. */
const AT_ONCE = 8;

type DriveFacts = Pick<BatchDrive, 'batchId' | 'drive' | 'plannedAt' | 'firstExecutionRunId' | 'manifest' | 'redrive'>;

/**
 * Writes down what was gathered, the drive last: a plan is there as a whole or not at all. What is written lies under its own hash, so that an attempt
 * that found other documents is not mixed up with this one.
 * @returns the drive as it is in the store, which may be another attempt's; null when another workflow has taken its number.
 */
export async function writePlan(
  store: ResultStore,
  facts: DriveFacts,
  spool: PlanSpool,
  onPage: () => void,
): Promise<BatchDrive | null> {
  const { batchId, drive: number } = facts;
  const planId = await spool.seal();
  const place = { store, keys: batchKeys(batchId), drive: number, planId };
  const segments = await writeUnusable(place, spool.unusableLines());
  const planPages = await writePages(place, spool.inOrder(), onPage);
  const drive: BatchDrive = {
    schemaVersion: 1,
    ...facts,
    planId,
    planPages,
    documents: spool.size,
    unusableRows: spool.unusableRows,
    segments,
    skipped: spool.skipped,
  };
  const body = Buffer.from(JSON.stringify(drive));
  const stored = await store.put(place.keys.drive(number), body, 'application/json');
  if (stored.sha256 === sha256(body)) return drive;
  const first = await readBatchDrive(store, batchId, number);
  return first?.firstExecutionRunId === facts.firstExecutionRunId ? first : null;
}

interface Place {
  store: ResultStore;
  keys: BatchKeys;
  drive: number;
  planId: string;
}

/** @returns how many segments. */
async function writeUnusable({ store, keys, drive, planId }: Place, rows: Iterable<string>): Promise<number> {
  const writing = new Writing(store);
  for (const lines of groups(rows, SEGMENT_ROWS)) {
    const key = keys.unusable(drive, planId, writing.count);
    await writing.put(key, lines.map((line) => `${line}\n`).join(''), 'application/x-ndjson');
  }
  await writing.end();
  return writing.count;
}

/** @returns how many pages. */
async function writePages(
  { store, keys, drive, planId }: Place,
  documents: Iterable<string>,
  onPage: () => void,
): Promise<number> {
  const writing = new Writing(store);
  for (const page of groups(documents, BATCH_PAGE)) {
    const key = keys.planPage(drive, planId, writing.count);
    await writing.put(key, `{"documents":[${page.join(',')}]}`, 'application/json');
    onPage();
  }
  await writing.end();
  return writing.count;
}

/** At most so many texts at once, and of so many bytes, though at least one. */
function* groups(texts: Iterable<string>, most: number): Generator<string[]> {
  let group: string[] = [];
  let bytes = 0;
  for (const text of texts) {
    const size = Buffer.byteLength(text) + 1;
    if (group.length === most || (group.length > 0 && bytes + size > MAX_PAGE_BYTES - 100)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(text);
    bytes += size;
  }
  if (group.length > 0) yield group;
}

/** Writes objects side by side, a few at once. */
class Writing {
  count = 0;
  readonly #busy = new Set<Promise<unknown>>();
  #trouble: { error: unknown } | undefined;

  constructor(private readonly store: ResultStore) {}

  /** Returns as soon as the next one may come. @throws what went wrong with any before. */
  async put(key: string, text: string, contentType: string): Promise<void> {
    this.count += 1;
    const work: Promise<unknown> = this.store
      .put(key, Buffer.from(text), contentType)
      .catch((error: unknown) => void (this.#trouble ??= { error }))
      .finally(() => this.#busy.delete(work));
    this.#busy.add(work);
    if (this.#busy.size >= AT_ONCE) await Promise.race(this.#busy);
    if (this.#trouble !== undefined) await this.end();
  }

  async end(): Promise<void> {
    await Promise.all(this.#busy);
    if (this.#trouble !== undefined) throw this.#trouble.error;
  }
}
