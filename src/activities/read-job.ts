import type { JobRef } from '../jobs/types.js';
import type { JobRead, Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';

/** What one status read came to. */
export type Reading = { kind: 'read'; read: JobRead } | { kind: 'absent' } | { kind: 'trouble'; error: VendorError };

/** One status read. The vendor's and the network's trouble is a value here; a cancellation and our own mistakes are thrown. */
export async function readJob(provider: Provider, job: JobRef, signal: AbortSignal): Promise<Reading> {
  signal.throwIfAborted();
  try {
    const read = await provider.get(job.jobId, job.operation, { signal });
    return read === null ? { kind: 'absent' } : { kind: 'read', read };
  } catch (error) {
    // A provider that wraps the abort must not turn a cancellation into trouble.
    signal.throwIfAborted();
    if (error instanceof VendorError) return { kind: 'trouble', error };
    throw error;
  }
}

/** The vendor has nothing of the job any more. */
export const isGone = (reading: Reading): boolean =>
  reading.kind === 'absent' || (reading.kind === 'read' && reading.read.snapshot.status === 'expired');
