import type { FailureContext } from '../../jobs/failures.js';

/** Where a failure that is nobody's but the batch's comes from. */
export const BATCH: FailureContext = { provider: '', account: '', operation: 'batch' };
