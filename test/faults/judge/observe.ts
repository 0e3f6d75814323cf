import { createHash } from 'node:crypto';
import type { DocumentEnd } from '../../../src/client/index.js';
import type { ProcessDocumentResult } from '../../../src/jobs/process-document.js';
import type { ReapReport } from '../../../src/jobs/reap.js';
import type { JobReceipt, ResultRef } from '../../../src/jobs/types.js';
import { readObject } from '../../../src/results/read-object.js';
import type { CellEnd } from '../cell/run-cell.js';
import type { FaultyDocument, Impact } from '../cell/faulty-document.js';
import type { World } from '../cell/world.js';
import type { Run } from '../plan/run.js';

/** What the vendor's books, the store, the receipt and the reaper say of a document. */
export interface Observed {
  run: Run;
  impacts: Impact[];
  ended: string;
  /** Of the result: what was extracted or split; null when there is none. */
  value: string | null;
  /** Stored bodies that the result or the receipt names, and that are not there, or are others. */
  missing: string[];
  receipt: JobReceipt[];
  jobs: { jobId: string; state: string; toldTemporal: boolean; reaped: boolean }[];
  /** How often its jobs were read. */
  reads: number;
  ms: number;
}

export async function observe(world: World, { documents, report }: CellEnd): Promise<Observed[]> {
  return Promise.all(documents.map(({ document, end, ms }) => observeOne(world, report, document, end, ms)));
}

async function observeOne(
  { sandbox, store }: World,
  report: ReapReport,
  { run, impacts, traces }: FaultyDocument,
  end: DocumentEnd | 'hung',
  ms: number,
): Promise<Observed> {
  const result = end !== 'hung' && end.kind === 'result' ? end.result : null;
  const receipt = receiptOf(end);
  const named = [...storedOf(result), ...receipt.flatMap(({ stored }) => (stored === undefined ? [] : [stored]))];
  const missing: string[] = [];
  for (const { key, sha256 } of named) {
    const bytes = await readObject(store, key);
    if (bytes === null || createHash('sha256').update(bytes).digest('hex') !== sha256) missing.push(key);
  }
  const jobs = sandbox.ledger.jobs().filter(({ jobId }) => traces.jobIds.includes(jobId));
  return {
    run,
    impacts,
    ended: endedOf(end),
    value: result === null ? null : JSON.stringify(result.extract?.data ?? result.split?.sections ?? null),
    missing,
    receipt,
    jobs: jobs.map(({ jobId, state }) => ({
      jobId,
      state,
      toldTemporal: traces.toldTemporal.has(jobId),
      reaped: report.orphans.some((orphan) => orphan.jobId === jobId),
    })),
    reads: traces.reads,
    ms,
  };
}

function endedOf(end: DocumentEnd | 'hung'): string {
  if (end === 'hung') return 'hung';
  if (end.kind === 'cancelled') return 'Cancelled';
  return end.kind === 'result' ? end.result.status : end.failure.type;
}

function receiptOf(end: DocumentEnd | 'hung'): JobReceipt[] {
  if (end === 'hung') return [];
  return (end.kind === 'result' ? end.result.receipt : end.receipt)?.jobs ?? [];
}

const storedOf = (result: ProcessDocumentResult | null): ResultRef[] =>
  [result?.parsed.stored, result?.extract?.stored, result?.split?.stored].filter((ref) => ref !== undefined);
