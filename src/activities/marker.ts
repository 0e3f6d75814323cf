import { createHash } from 'node:crypto';
import type { SubmitMarker } from '../jobs/activities.js';

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
export function submitMarker({ namespace, workflowId }: MarkerOrigin, marker: SubmitMarker): string {
  const { firstExecutionRunId, operation, resubmit } = marker;
  const parts = [namespace, workflowId ?? '', firstExecutionRunId, operation, resubmit];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
