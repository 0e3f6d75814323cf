import type { WorkflowExecutionDescription } from '@temporalio/client';
import { BATCH_FORECAST_MEMO, BATCH_MEMO, WORKFLOW } from '../../jobs/names.js';

/** Also under another name on the user's worker: what our commands start and our workflow leaves tells. */
export function isBatch({ type, memo }: Pick<WorkflowExecutionDescription, 'type' | 'memo'>): boolean {
  return type === WORKFLOW.processBatch || [BATCH_MEMO, BATCH_FORECAST_MEMO].some((key) => memo?.[key] !== undefined);
}
