import type { ResultStore } from '../results/result-store.js';
import type { Accounts } from './account.js';
import type { Clock } from './clock.js';
import type { ExpectedDurations } from './expected-durations.js';
import type { AccountGovernors } from './governor/governors.js';
import type { NamespaceIds } from './namespace-ids.js';
import type { SharedReads } from './shared-reads/shared-reads.js';
import type { SettledMarkers } from './settled-markers.js';
import type { SourceResolver } from './source-resolver.js';
import type { WebhookHealth } from './webhook-health.js';

/** What the activities of one worker share. */
export interface ActivityDeps {
  /** Their providers' calls pass through the governors. */
  accounts: Accounts;
  governors: AccountGovernors;
  results: ResultStore;
  sources: SourceResolver;
  clock: Clock;
  expected: ExpectedDurations;
  settled: SettledMarkers;
  namespaces: NamespaceIds;
  webhooks: WebhookHealth;
  sharedReads: SharedReads;
}
