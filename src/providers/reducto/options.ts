import type { JsonObject } from '../../jobs/json.js';
import type { ApiKey } from '../http/api-key.js';
import type { HttpLimits } from '../http/http-client.js';
import { optionChecks } from '../option-checks.js';
import type { Quota } from '../quota.js';
import { type SourcePolicy, sourcePolicy } from '../source-url.js';
import type { ListShows } from './find-job.js';
import { checkWebhooks } from './webhooks.js';

/** Configuration of one Reducto account. */
export interface ReductoOptions {
  /** The key, or a function that gives it for each call (rotation, secret managers). Never leaves the worker. */
  apiKey: ApiKey;
  /** Where the data is processed. Default `us`. Ignored when `baseUrl` is set. */
  region?: 'us' | 'eu' | 'au';
  /** Other base URL: a gateway, or the sandbox's. */
  baseUrl?: string;
  /** Parse model when a request sets none. Default `r-1`: the vendor's own default changes on 2026-12-07, a pinned one doesn't. */
  model?: string;
  /** Hard limit of one submit, ms. Default 30,000. At most that: the activity's heartbeat time-out outlasts it. */
  submitTimeoutMs?: number;
  /** How long an accepted job may take to appear in the job list, ms. Default 5,000. */
  listSettleMs?: number;
  /**
   * What the account's job list shows of a job's configuration, for finding a job whose submit's reply was lost: the `metadata` that was sent
   * with it, its `config` without that, or `nothing`. Default `learn`: what the list is seen to show. A worker that has just started may not
   * see enough to be certain; saying it here spares such submits from ending as unknown.
   */
  jobListShows?: ListShows;
  /** How long the account keeps results, ms. Default 12 hours, the shortest figure that the vendor gives. */
  retentionMs?: number;
  /**
   * Gives a secret by its name, undefined for one that it does not have: options name a document's password (`{ secret: 'name' }`), so that
   * no value stands in Temporal's history. Asked just before each submit that needs one; what it throws counts as trouble that may pass.
   * Default none: requests that name a secret are refused. Never leaves the worker.
   */
  secrets?: (name: string) => string | undefined | Promise<string | undefined>;
  /** The account is opted in to keeping the results of requests with `persist_results` for ever. Default false: `retentionMs` goes for them too. */
  persistsResults?: boolean;
  /**
   * Hosts that results are fetched from and documents uploaded to where the vendor names a URL for it: `storage.example`,
   * `*.s3.us-west-2.amazonaws.com`. None but these then; they may have private addresses (a VPC endpoint). The base URL's own origin always
   * goes. Default any host whose addresses are all public.
   */
  resultHosts?: readonly string[];
  /**
   * Documents may lie, and webhooks be, in a private network (`https://10.0.0.7/…`, `https://files.internal/…`), for a vendor that runs inside
   * it. Default false: such URLs are refused before anything is sent. On this machine they may always be for a base URL that is there too (the
   * sandbox).
   */
  allowPrivateSources?: boolean;
  /**
   * Has the vendor call when a job has ended, which a receiver of `temporal-document-jobs/webhooks` hears: the wait ends at once then. `svix`:
   * through the endpoints registered in the vendor's portal, of these channels if there are any. `direct`: to a URL whose path holds an
   * unguessable token. A request's own `async.webhook` goes before it. Never enters a history. Default none.
   */
  webhook?: { mode: 'svix'; channels?: readonly string[] } | { mode: 'direct'; url: string };
  /**
   * What the account may do a second, all workers together, where it differs from the vendor's published limits: `{ readsPerSecond: 50 }`.
   * Calls wait for it, and take less where the vendor answers 429. Default 1,000 requests, of them 200 status reads; null: no limit.
   */
  quota?: Partial<Quota>;
  limits?: Partial<HttpLimits>;
}

const BASE_URLS = {
  us: 'https://platform.reducto.ai',
  eu: 'https://eu.platform.reducto.ai',
  au: 'https://au.platform.reducto.ai',
} as const;

const LIST_SHOWS: readonly ListShows[] = ['metadata', 'config', 'nothing', 'learn'];

export interface ResolvedReductoOptions {
  apiKey: ApiKey;
  baseUrl: string;
  model: string;
  submitTimeoutMs: number;
  listSettleMs: number;
  listShows: ListShows;
  retentionMs: number;
  secrets: ReductoOptions['secrets'];
  persistsResults: boolean;
  resultHosts: readonly string[];
  allowPrivateSources: boolean;
  webhook: JsonObject | undefined;
  quota: Quota;
  limits: HttpLimits;
}

/** Published limits of one key; older and smaller plans have others. */
const QUOTA = { requestsPerSecond: 1_000, readsPerSecond: 200, submitsPerSecond: null, listsPerSecond: null };

/** Fills in defaults. @throws TypeError naming the option, what was expected and what came. */
export function resolveOptions(options: ReductoOptions): ResolvedReductoOptions {
  const check = optionChecks('reducto');
  const { apiKey, region = 'us', baseUrl = BASE_URLS[region], model = 'r-1', secrets } = options;
  const regions = Object.keys(BASE_URLS).join(', ');
  check.apiKey(apiKey);
  check.secrets(secrets);
  // What is shown of a region that is none is what was given for it.
  const url = check.baseUrl(baseUrl ?? region, `a region (${regions}) or an http(s) baseUrl`);
  const allowPrivateSources = check.flag('allowPrivateSources', options.allowPrivateSources, false);
  return {
    apiKey,
    baseUrl: url,
    model,
    submitTimeoutMs: check.milliseconds('submitTimeoutMs', options.submitTimeoutMs, 30_000, [1, 30_000]),
    listSettleMs: check.milliseconds('listSettleMs', options.listSettleMs, 5_000, [0, 30_000]),
    listShows: check.oneOf('jobListShows', options.jobListShows, 'learn', LIST_SHOWS),
    retentionMs: check.milliseconds('retentionMs', options.retentionMs, 12 * 3_600_000, [0, Infinity]),
    secrets,
    persistsResults: check.flag('persistsResults', options.persistsResults, false),
    resultHosts: check.hosts('resultHosts', options.resultHosts),
    allowPrivateSources,
    webhook: accountWebhook(options.webhook, sourcePolicy(url, allowPrivateSources)),
    quota: check.quota(options.quota, QUOTA),
    limits: check.limits(options.limits ?? {}),
  };
}

function accountWebhook(given: ReductoOptions['webhook'], policy: SourcePolicy): JsonObject | undefined {
  if (given === undefined) return undefined;
  const mode: unknown = given.mode;
  if (mode !== 'svix' && mode !== 'direct') {
    throw new TypeError('reducto: webhook: expected { mode: "svix" } or { mode: "direct", url }');
  }
  const webhook = { ...given } as JsonObject;
  const problem = checkWebhooks({ webhook }, policy);
  if (problem !== null) throw new TypeError(`reducto: ${problem.field.replace('options.', '')}: ${problem.reason}`);
  return webhook;
}
