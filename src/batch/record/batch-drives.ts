import type { BatchManifest, ProcessBatchInput } from '../../jobs/batch.js';
import { readObject } from '../../results/read-object.js';
import type { ResultStore } from '../../results/result-store.js';
import { batchKeys } from './batch-keys.js';

/** What reading a record takes: a `ResultStore`, or what stands in for one. */
export type RecordStore = Pick<ResultStore, 'get'>;

/** What one drive of a batch was planned to be. The object that holds it is the last that planning writes: without it there is no plan. */
export interface BatchDrive {
  schemaVersion: 1;
  batchId: string;
  /** From 0. */
  drive: number;
  /** ISO. */
  plannedAt: string;
  /** Of the workflow that asked for the plan. */
  firstExecutionRunId: string;
  /** Where the documents came from. */
  manifest: BatchManifest;
  /** Absent for a drive that took its documents from a manifest. */
  redrive?: NonNullable<ProcessBatchInput['redrive']>;
  /** Hash of what was planned; part of the keys of its pages. */
  planId: string;
  planPages: number;
  documents: number;
  unusableRows: number;
  /** Segments of the record that the planner wrote: the unusable rows. */
  segments: number;
  /** Files of a folder, or objects of a listing, that are no documents; 0 for other manifests. */
  skipped: number;
}

/** Written when the last row of a drive was. */
export interface BatchDriveEnd {
  schemaVersion: 1;
  /** All that the drive has, those of the planner among them. */
  segments: number;
  /** ISO. */
  endedAt: string;
}

/** A drive, and how it ended; null while it runs, or when it was broken off. */
export type KnownBatchDrive = BatchDrive & { end: BatchDriveEnd | null };

/**
 * The drives of a batch, in their order.
 * @returns an empty list for a batch that has not been planned (yet).
 */
export async function batchDrives(store: RecordStore, batchId: string): Promise<KnownBatchDrive[]> {
  const drives: KnownBatchDrive[] = [];
  for (let at = 0; ; at++) {
    const drive = await readBatchDrive(store, batchId, at);
    if (drive === null) return drives;
    drives.push({ ...drive, end: await readDriveEnd(store, batchId, at) });
  }
}

/** @returns null when there is no such drive (yet). */
export async function readBatchDrive(store: RecordStore, batchId: string, drive: number): Promise<BatchDrive | null> {
  return readJson<BatchDrive>(store, batchKeys(batchId).drive(drive));
}

/** @returns null while the drive has not ended. */
export async function readDriveEnd(store: RecordStore, batchId: string, drive: number): Promise<BatchDriveEnd | null> {
  return readJson<BatchDriveEnd>(store, batchKeys(batchId).driveEnd(drive));
}

async function readJson<T>(store: RecordStore, key: string): Promise<T | null> {
  const bytes = await readObject(store, key);
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as T);
}
