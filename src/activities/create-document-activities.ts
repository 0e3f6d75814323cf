import type { BatchSources } from '../batch/manifest/batch-sources.js';
import type { DocumentActivities } from '../jobs/activities.js';
import type { BatchActivities } from '../jobs/batch-activities.js';
import { ACTIVITY } from '../jobs/names.js';
import type { ResultStore } from '../results/result-store.js';
import type { Accounts } from './account.js';
import type { ActivityDeps } from './activity-deps.js';
import { createBatchActivities } from './batch/batch-activities.js';
import { createCancel } from './cancel.js';
import { createClock, createPace } from './clock.js';
import { createExpectedDurations } from './expected-durations.js';
import { createForget } from './forget/forget.js';
import { createGet } from './get.js';
import { checkFleet, createFleet, type FleetOption } from './governor/fleet.js';
import { createGovernors } from './governor/governors.js';
import { createLease } from './lease.js';
import { createNamespaceIds } from './namespace-ids.js';
import { createPoll } from './poll.js';
import { createReap } from './reap/reap.js';
import { createSharedReads } from './shared-reads/shared-reads.js';
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
  /**
   * Files and folders of the worker from which batches may read their manifests, and list the documents of folders; what is uploaded is `sources`' matter
   * all the same. Default none.
   */
  manifests?: readonly string[];
  /** What lists the documents of batches, by the names that batches call it; `s3` for manifests of that kind. Default none. */
  batchSources?: BatchSources;
  /**
   * Whether the poll windows of an account share their reads of the vendor where that costs less, or each window always reads its own job.
   * Default `auto`; `never` with a `sleep` of your own.
   */
  sharedReads?: 'auto' | 'never';
  /**
   * How many workers share the accounts' quotas, so that each takes its part: `{ size: 4 }`, or `auto`, as many as Temporal sees polling
   * the task queue. Default `auto`. Workers of one process whose activities were created together are one.
   */
  fleet?: FleetOption;
  /** Clock for timestamps that are reported to workflows, ms since the epoch. Default `Date.now`; tests tie it to simulated time. */
  now?: () => number | Promise<number>;
  /** How activities wait between two reads. Default: real time. With it, `now` tells how much time has passed. For tests. */
  sleep?: (ms: number) => Promise<void>;
}

/** The activities to register on a worker: `activities: { ...mine, ...createDocumentActivities({ … }) }`. */
export function createDocumentActivities(options: DocumentActivitiesOptions): DocumentActivities & BatchActivities {
  const clock = createClock(options);
  const fleet = createFleet(checkFleet(options.fleet ?? 'auto'));
  const governors = createGovernors({ pace: createPace(options), fleet, now: () => clock.now() });
  const deps: ActivityDeps = {
    accounts: governors.governed(options.accounts),
    governors,
    results: options.results,
    sources: options.sources ?? noSources,
    clock,
    expected: createExpectedDurations(),
    settled: createSettledMarkers(),
    namespaces: createNamespaceIds(),
    webhooks: createWebhookHealth(),
    // Simulated time goes on while nobody sleeps in it: a window must not wait for what others do meanwhile.
    sharedReads: createSharedReads({ clock, enabled: options.sharedReads !== 'never' && options.sleep === undefined }),
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
    ...createBatchActivities(deps, { manifests: options.manifests ?? [], sources: options.batchSources ?? {} }),
  };
}

const noSources: SourceResolver = async () => {
  throw new SourceRefusedError(
    'this worker uploads nothing of its own: give an https URL, or createDocumentActivities({ sources: allowedRoots([…]) })',
  );
};
