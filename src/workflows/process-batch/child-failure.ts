import { ApplicationFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import type { BatchDocumentEnd } from '../../jobs/batch.js';
import { endWithoutReport } from '../../jobs/batch-row.js';
import type { InFlight } from '../../jobs/batch-state.js';

/** What became of a document whose workflow failed: what it says itself, or what Temporal says of it. */
export function endOfChild(flight: InFlight, error: unknown): BatchDocumentEnd {
  const cause = innermost(error);
  if (cause instanceof ApplicationFailure) {
    const end = cause.details?.[1] as BatchDocumentEnd | undefined;
    if (typeof end?.state === 'string') return end;
  }
  return endWithoutReport(flight, 'failed', { type: typeOf(cause), reason: messageOf(cause) }, Date.now());
}

function typeOf(cause: unknown): string {
  if (cause instanceof TerminatedFailure) return 'WorkflowTerminated';
  if (cause instanceof TimeoutFailure) return 'WorkflowTimedOut';
  if (cause instanceof ApplicationFailure && cause.type) return cause.type;
  return cause instanceof Error ? cause.name : 'UnknownFailure';
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** The document's own failure is the first that is not Temporal's wrapping. */
function innermost(error: unknown): unknown {
  if (error instanceof ApplicationFailure || !(error instanceof Error) || !(error.cause instanceof Error)) return error;
  return innermost(error.cause);
}
