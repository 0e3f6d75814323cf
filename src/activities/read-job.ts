import type { JobRef, JobStatus } from '../jobs/types.js';
import type { CallContext, JobRead, Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';

/** What one status read came to. */
export type Reading = { kind: 'read'; read: JobRead } | { kind: 'absent' } | { kind: 'trouble'; error: VendorError };

/** One status read. Trouble with the vendor or the network, and a turn that did not come, are values here; a cancellation and our own mistakes are thrown. */
export async function readJob(
  provider: Provider,
  job: JobRef,
  signal: AbortSignal,
  call: Omit<CallContext, 'signal'> = {},
): Promise<Reading> {
  signal.throwIfAborted();
  try {
    const read = await provider.get(job.jobId, job.operation, { ...call, signal });
    return read === null ? { kind: 'absent' } : { kind: 'read', read };
  } catch (error) {
    // A provider that wraps the abort must not turn a cancellation into trouble.
    signal.throwIfAborted();
    if (error instanceof VendorError) return { kind: 'trouble', error };
    throw error;
  }
}

/**
 * The vendor has nothing of the job, or says that nothing came of it. Nevertheless an earlier attempt may have brought its result home: a
 * vendor that says Failed after Completed is not believed.
 */
export const hasNoResult = (reading: Reading): boolean =>
  reading.kind === 'absent' || (reading.kind === 'read' && RESULTLESS.has(reading.read.snapshot.status));

const RESULTLESS: ReadonlySet<JobStatus> = new Set(['failed', 'cancelled', 'expired']);

export const isDone = (reading: Reading): boolean =>
  reading.kind === 'read' && reading.read.snapshot.status === 'completed';
