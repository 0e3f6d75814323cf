import type { DocumentActivities } from '../jobs/activities.js';
import { ACTIVITY } from '../jobs/names.js';
import type { ResultStore } from '../results/result-store.js';
import type { Accounts } from './account.js';
import type { ActivityDeps } from './activity-deps.js';
import { createCancel } from './cancel.js';
import { createClock } from './clock.js';
import { createExpectedDurations } from './expected-durations.js';
import { createForget } from './forget/forget.js';
import { createGet } from './get.js';
import { createLease } from './lease.js';
import { createNamespaceIds } from './namespace-ids.js';
import { createPoll } from './poll.js';
import { createReap } from './reap/reap.js';
import { createSettledMarkers } from './settled-markers.js';
import { SourceRefusedError, type SourceResolver } from './source-resolver.js';
import { createSubmit } from './submit.js';
import { createUpload } from './upload.js';
import { createWebhookHealth } from './webhook-health.js';

export interface DocumentActivitiesOptions {
  /** Account name → configured provider, or a function that finds one. Workflow input names accounts, never keys. */
  accounts: Accounts;
  /** Where whole results go. Required: no default would be safe across hosts. */
  results: ResultStore;
  /** Which sources on the worker may be uploaded. Default: none; https URLs and vendor references need no upload. */
  sources?: SourceResolver;
  /** Clock for timestamps that are reported to workflows, ms since the epoch. Default `Date.now`; tests tie it to simulated time. */
  now?: () => number | Promise<number>;
  /** How activities wait between two reads. Default: real time. With it, `now` tells how much time has passed. For tests. */
  sleep?: (ms: number) => Promise<void>;
}

/** The activities to register on a worker: `activities: { ...mine, ...createDocumentActivities({ … }) }`. */
export function createDocumentActivities(options: DocumentActivitiesOptions): DocumentActivities {
  const deps: ActivityDeps = {
    accounts: options.accounts,
    results: options.results,
    sources: options.sources ?? noSources,
    clock: createClock(options),
    expected: createExpectedDurations(),
    settled: createSettledMarkers(),
    namespaces: createNamespaceIds(),
    webhooks: createWebhookHealth(),
  };
  return {
    [ACTIVITY.upload]: createUpload(deps),
    [ACTIVITY.submit]: createSubmit(deps),
    [ACTIVITY.get]: createGet(deps),
    [ACTIVITY.poll]: createPoll(deps),
    [ACTIVITY.cancel]: createCancel(deps),
    [ACTIVITY.reap]: createReap(deps),
    [ACTIVITY.lease]: createLease(),
    [ACTIVITY.forget]: createForget(deps),
  };
}

const noSources: SourceResolver = async () => {
  throw new SourceRefusedError(
    'this worker uploads nothing of its own: give an https URL, or createDocumentActivities({ sources: allowedRoots([…]) })',
  );
};
