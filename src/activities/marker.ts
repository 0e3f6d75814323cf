import { createHash } from 'node:crypto';
import type { OperationRequest, SubmitMarker } from '../jobs/activities.js';

/** Where a submit comes from, beside the parts that the workflow gives. */
export interface MarkerOrigin {
  namespace: string;
  /** Absent for an activity that runs without a workflow. */
  workflowId?: string;
}

/**
 * The text that names one submit at the vendor, the same in every attempt and every retry, reset or continuation of the workflow. A
 * hash, because workflow ids are nobody else's business and may be long. Lower-case hex, 64 characters.
 */
export function submitMarker(
  { namespace, workflowId }: MarkerOrigin,
  marker: SubmitMarker,
  request: OperationRequest,
): string {
  const { firstExecutionRunId, origin, ordinal, resubmit } = marker;
  // The input may be an upload of this life of the workflow only; the origin stands for it.
  const { input: _input, ...asked } = request;
  const parts = [namespace, workflowId ?? '', firstExecutionRunId, origin, asked, ordinal, resubmit];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
