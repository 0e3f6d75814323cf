import type { BatchActivities } from '../../jobs/batch-activities.js';
import { ACTIVITY } from '../../jobs/names.js';
import type { BatchSources } from '../../batch/manifest/batch-sources.js';
import type { ActivityDeps } from '../activity-deps.js';
import { createAwaitDocuments } from './await-documents.js';
import { createKnownDrives } from './known-drives.js';
import { createPlan } from './plan.js';
import { createReadPage } from './read-page.js';
import { createRecord } from './record.js';

/** What batches need of a worker beside what every document does. */
export interface BatchAccess {
  /** Files and folders from which manifests, and the documents of folders, are read. */
  manifests: readonly string[];
  sources: BatchSources;
}

export function createBatchActivities(deps: ActivityDeps, access: BatchAccess): BatchActivities {
  const drives = createKnownDrives(deps.results);
  return {
    [ACTIVITY.planBatch]: createPlan(deps, access),
    [ACTIVITY.batchPage]: createReadPage(deps, drives),
    [ACTIVITY.recordBatch]: createRecord(deps, drives),
    [ACTIVITY.awaitBatch]: createAwaitDocuments(deps),
  };
}
