import { Context } from '@temporalio/activity';
import { batchKeys } from '../../batch/record/batch-keys.js';
import type { BatchActivities, BatchPageOutput } from '../../jobs/batch-activities.js';
import { readObject } from '../../results/read-object.js';
import { documentFailure } from '../../results/document-failure.js';
import type { ActivityDeps } from '../activity-deps.js';
import { batchFailure } from './batch-failures.js';
import type { KnownDrives } from './known-drives.js';
import { BATCH } from './about-batch.js';

/**
 * `readDocumentBatchPage`: one page of a drive's plan; behind the last one there is nothing.
 * @throws DocumentResultCorrupt for a page that was planned and is no longer there.
 */
export function createReadPage(
  { results }: ActivityDeps,
  drives: KnownDrives,
): BatchActivities['readDocumentBatchPage'] {
  return async ({ batchId, drive, page }) => {
    const { attempt } = Context.current().info;
    try {
      const { planId, planPages } = await drives.of(batchId, drive);
      if (page >= planPages) return { documents: [] };
      const key = batchKeys(batchId).planPage(drive, planId, page);
      const bytes = await readObject(results, key);
      if (bytes !== null) return JSON.parse(Buffer.from(bytes).toString('utf8')) as BatchPageOutput;
      const reason = `${key}: a page of the batch's plan is gone from the result store: start the batch again`;
      // How many bytes they were is not written down anywhere.
      const facts = { key, expected: { size: 0, sha256: '' }, found: null };
      throw documentFailure('DocumentResultCorrupt', reason, { ...BATCH, reason, ...facts });
    } catch (error) {
      throw batchFailure(error, BATCH, attempt);
    }
  };
}
