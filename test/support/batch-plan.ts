import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentActivitiesOptions } from '../../src/activities/index.js';
import { batchRows } from '../../src/batch/record/index.js';
import type { BatchActivities, PlanBatchInput, PlanBatchOutput } from '../../src/jobs/batch-activities.js';
import type { BatchDocument, BatchManifest, BatchRow } from '../../src/jobs/batch.js';
import type { Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { reducto } from '../../src/providers/index.js';
import { memoryStore, type ResultStore } from '../../src/results/index.js';
import { activityRun, type ActivityRun } from './activity-run.js';
import { all } from './batch-record.js';

/** The activities of batches over a store, and a folder for manifests that goes with the test. */
export interface BatchStand extends AsyncDisposable {
  folder: string;
  store: ResultStore;
  activities: BatchActivities;
  run: ActivityRun['run'];
  beats: unknown[];
  /** Writes a file into the folder. @returns its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  plan(manifest: BatchManifest, more?: Partial<PlanBatchInput>, info?: Partial<Info>): Promise<PlanBatchOutput>;
  /** All documents of a drive, in the order in which they are started. */
  documents(drive?: number): Promise<BatchDocument[]>;
  rows(drive?: number): Promise<BatchRow[]>;
}

export const BATCH_ID = 'invoices';

export async function batchStand(
  options: Partial<DocumentActivitiesOptions> = {},
  client?: Client,
): Promise<BatchStand> {
  const folder = await mkdtemp(join(tmpdir(), 'batch-plan-'));
  const store = options.results ?? memoryStore();
  const vendor = reducto({ apiKey: 'test-key' });
  const { activities, run, beats } = activityRun(vendor, { results: store, manifests: [folder], ...options }, client);
  const batch = activities as typeof activities & BatchActivities;
  const first = { batchId: BATCH_ID, request: {}, firstExecutionRunId: 'run-1' };
  return {
    folder,
    store,
    activities: batch,
    run,
    beats,
    async write(name, content) {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    },
    plan: (manifest, more = {}, info = {}) => run(() => batch.planDocumentBatch({ ...first, manifest, ...more }), info),
    async documents(drive = 0) {
      const found: BatchDocument[] = [];
      for (let page = 0; ; page++) {
        const input = { batchId: BATCH_ID, drive, page };
        const { documents } = await run(() => batch.readDocumentBatchPage(input));
        if (documents.length === 0) return found;
        found.push(...documents);
      }
    },
    rows: (drive = 0) => all(batchRows(store, BATCH_ID, { drive })),
    async [Symbol.asyncDispose]() {
      await vendor.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const jsonLines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
export const url = (name: string | number): string => `https://files.example.com/${name}.pdf`;
