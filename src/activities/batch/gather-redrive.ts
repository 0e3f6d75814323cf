import { ManifestError } from '../../batch/manifest/manifest-error.js';
import { selector } from '../../batch/plan/selection.js';
import { SpooledLines } from '../../batch/plan/spooled-lines.js';
import { type BatchDrive, batchDrives } from '../../batch/record/batch-drives.js';
import { batchKeys } from '../../batch/record/batch-keys.js';
import { latestBatchRows } from '../../batch/record/latest-batch-rows.js';
import { IdIndex } from '../../batch/id-index.js';
import type { BatchPageOutput } from '../../jobs/batch-activities.js';
import type { BatchDocument, ProcessBatchInput } from '../../jobs/batch.js';
import { defined } from '../../jobs/defined.js';
import type { ParsedReference } from '../../jobs/types.js';
import { readObject } from '../../results/read-object.js';
import { ResultStoreError, type ResultStore } from '../../results/result-store.js';
import type { PlanSpool } from './plan-spool.js';

/** What is known of an id; from here on, number + this of a parse that is worth trying. */
const LEAVE = 0;
const TAKE = 1;
const TAKE_WITH_PARSE = 2;

/**
 * Gathers the documents of a batch whose last rows fit the selection, as they were planned last: with the same ids and workflow ids, and with what is
 * known of their parse. `not_started` are those that were planned and have no row.
 * @throws {ManifestError} when there is no such batch in the store.
 */
export async function gatherRedrive(
  store: ResultStore,
  { batchId, select }: NonNullable<ProcessBatchInput['redrive']>,
  spool: PlanSpool,
  onRow: () => void,
): Promise<void> {
  const drives = await batchDrives(store, batchId);
  if (drives.length === 0) {
    throw new ManifestError('redrive.batchId', `the store has no record of a batch ${JSON.stringify(batchId)}`);
  }
  const selects = selector(select);
  await using parses = await SpooledLines.create();
  const known = new IdIndex();
  for await (const row of latestBatchRows(store, batchId)) {
    onRow();
    // Rows that could not be used were never documents.
    if (row.workflowId === null) continue;
    if (!selects(row)) known.set(row.id, LEAVE);
    else if (row.parsed === undefined) known.set(row.id, TAKE);
    else known.set(row.id, TAKE_WITH_PARSE + (await parses.add(JSON.stringify(row.parsed))));
  }
  await parses.flush();
  const numbers = new UniqueNumbers(drives);
  for (const { drive, planId, planPages } of drives.reverse()) {
    for (let page = 0; page < planPages; page++) {
      for (const document of await plannedDocuments(store, batchKeys(batchId).planPage(drive, planId, page))) {
        onRow();
        const found = known.get(document.id) ?? (selects({ id: document.id, state: 'not_started' }) ? TAKE : LEAVE);
        // An earlier drive's plan may have it too.
        known.set(document.id, LEAVE);
        if (found === LEAVE) continue;
        await spool.add({ ...withParse(document, found), index: numbers.of(document.index) });
      }
    }
  }

  function withParse(document: BatchDocument, found: number): BatchDocument {
    const number = found - TAKE_WITH_PARSE;
    const parsed = number < 0 ? document.parsed : (JSON.parse(parses.read(number)) as ParsedReference);
    return { ...document, ...defined({ parsed }) };
  }
}

/** Two manifests of one batch number their documents alike; within a drive each number is one document's. */
class UniqueNumbers {
  readonly #taken = new IdIndex();
  #next: number;

  constructor(drives: readonly Pick<BatchDrive, 'documents' | 'unusableRows'>[]) {
    this.#next = drives.reduce((sum, { documents, unusableRows }) => sum + documents + unusableRows, 0);
  }

  of(index: number): number {
    const name = String(index);
    if (this.#taken.get(name) !== undefined) return this.#next++;
    this.#taken.set(name, 1);
    return index;
  }
}

async function plannedDocuments(store: ResultStore, key: string): Promise<BatchDocument[]> {
  const bytes = await readObject(store, key);
  if (bytes === null) throw new ResultStoreError(`batch record: ${key}: a page of the plan is gone`, false);
  return (JSON.parse(Buffer.from(bytes).toString('utf8')) as BatchPageOutput).documents;
}
