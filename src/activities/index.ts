export type { Accounts } from './account.js';
export { allowedRoots } from './allowed-roots.js';
export { createDocumentActivities, type DocumentActivitiesOptions } from './create-document-activities.js';
export type { FleetOption } from './governor/fleet.js';
export { documentMetricBuckets } from './metric-buckets.js';
export { type ResolvedSource, type SourceContext, SourceRefusedError, type SourceResolver } from './source-resolver.js';
export type { BatchSource, BatchSources } from '../batch/manifest/batch-sources.js';
