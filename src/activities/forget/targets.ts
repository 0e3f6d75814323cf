import { type Footprint, footprintOf } from '../../histories/footprint.js';
import type { Temporal } from '../../histories/temporal-side.js';
import type { ForgetInput, UploadRef } from '../../jobs/forget.js';
import { parseDuration } from '../../jobs/duration.js';
import type { JobRef } from '../../jobs/types.js';
import { documentFailure } from '../failures.js';

/** What is to be forgotten. */
export interface Targets {
  /** Null when the input names no workflow. */
  footprint: Footprint | null;
  jobs: { job: JobRef; endedAt: string | null }[];
  uploads: UploadRef[];
}

const PATIENCE_MS = 10 * 60_000;

/**
 * Finds out what is to be forgotten.
 * @throws DocumentInputInvalid when the input names nothing, or a workflow that Temporal does not know; DocumentStillRunning.
 */
export async function targetsOf(temporal: Temporal, input: ForgetInput): Promise<Targets> {
  const { workflowId, jobs = [], uploads = [] } = input;
  if (workflowId === undefined && jobs.length + uploads.length === 0) {
    throw invalid('workflowId', 'name a workflow, jobs or uploads to forget');
  }
  const footprint = workflowId === undefined ? null : await footprintOf(temporal, workflowId);
  if (workflowId !== undefined && footprint === null) {
    const reason = `Temporal has no history of ${workflowId}: it is past its retention, was deleted or never was. Name jobs and uploads instead`;
    throw invalid('workflowId', reason);
  }
  if (workflowId !== undefined && footprint?.runs.some(({ closedAt }) => closedAt === null)) {
    const reason = `${workflowId} still runs: cancel it first`;
    const details = { provider: '', account: '', operation: 'forget' as const, reason, workflowId };
    throw documentFailure('DocumentStillRunning', reason, details);
  }
  const found = footprint?.jobs ?? [];
  const byName = new Map(
    [...jobs.map((job) => ({ job, endedAt: null })), ...found.map(({ job, endedAt }) => ({ job, endedAt }))].map(
      (one) => [JSON.stringify([one.job.provider, one.job.account, one.job.operation, one.job.jobId]), one],
    ),
  );
  const uploaded = footprint?.uploads.filter((upload) => upload.uploaded) ?? [];
  const files = new Map(
    [...uploaded, ...uploads].map(({ provider, account, reference }) => [
      JSON.stringify([provider, account, reference]),
      { provider, account, reference },
    ]),
  );
  return { footprint, jobs: [...byName.values()], uploads: [...files.values()] };
}

/** ms. @throws DocumentInputInvalid for a duration that is none. */
export function patienceOf({ patience }: ForgetInput): number {
  if (patience === undefined) return PATIENCE_MS;
  const ms = parseDuration(patience);
  if (ms !== null) return ms;
  throw invalid('patience', `expected ms or a duration such as "30m", got ${JSON.stringify(patience)}`);
}

const invalid = (field: string, reason: string): Error =>
  documentFailure('DocumentInputInvalid', `${field}: ${reason}. Correct it: nothing was erased.`, {
    provider: '',
    account: '',
    operation: 'forget',
    field,
    reason,
  });
