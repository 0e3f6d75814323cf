import type { ApiKey } from '../http/api-key.js';
import type { HttpLimits } from '../http/http-client.js';
import { optionChecks } from '../option-checks.js';
import type { Quota } from '../quota.js';

/** Configuration of one Pulse account. */
export interface PulseOptions {
  /** The key, or a function that gives it for each call (rotation, secret managers). Never leaves the worker. */
  apiKey: ApiKey;
  /** Default `https://api.runpulse.com`. A region's or a dedicated host, a gateway, or the sandbox's. */
  baseUrl?: string;
  /** Hard limit of one submit, ms. Default and maximum 60,000: a submit may carry the document. */
  submitTimeoutMs?: number;
  /** How long the organisation's finished results can be read, ms. Default 1 hour, the life of a large result's URL. */
  retentionMs?: number;
  /**
   * Hosts that results are fetched from and documents uploaded to where the vendor names a URL for it: `storage.example`,
   * `*.s3.us-west-2.amazonaws.com`. None but these then; they may have private addresses (a VPC endpoint). The base URL's own origin always
   * goes. Default any host whose addresses are all public.
   */
  resultHosts?: readonly string[];
  /**
   * Documents may lie in a private network (`https://10.0.0.7/…`, `https://files.internal/…`), for a vendor that runs inside it. Default false:
   * such URLs are refused before anything is sent. On this machine they may always lie for a base URL that is there too (the sandbox).
   */
  allowPrivateSources?: boolean;
  /**
   * A receiver of `temporal-document-jobs/webhooks` is registered in the vendor's portal for the end of jobs: their waits end at once then.
   * Default none. Stored pages of the vendor's contradict each other on whether events are sent yet; while none come, jobs are polled.
   */
  webhook?: { mode: 'svix' };
  /**
   * What the account may do a second, all workers together, where it differs from the vendor's published limits: `{ readsPerSecond: 50 }`.
   * Calls wait for it, and take less where the vendor answers 429. Default none: the vendor publishes none, and what it refuses is learned from; null: no limit.
   */
  quota?: Partial<Quota>;
  limits?: Partial<HttpLimits>;
}

export type ResolvedPulseOptions = Required<Omit<PulseOptions, 'limits' | 'quota' | 'webhook'>> & {
  limits: HttpLimits;
  quota: Quota;
  webhook: PulseOptions['webhook'];
};

const MAX_SUBMIT_MS = 60_000;
const QUOTA = { requestsPerSecond: null, readsPerSecond: null, submitsPerSecond: null, listsPerSecond: null };

/** Fills in defaults. @throws TypeError naming the option, what was expected and what came. */
export function resolveOptions(options: PulseOptions): ResolvedPulseOptions {
  const check = optionChecks('pulse');
  const { apiKey, baseUrl = 'https://api.runpulse.com', limits = {} } = options;
  check.apiKey(apiKey);
  return {
    apiKey,
    baseUrl: check.baseUrl(baseUrl, 'an http(s) baseUrl'),
    submitTimeoutMs: check.milliseconds('submitTimeoutMs', options.submitTimeoutMs, MAX_SUBMIT_MS, [1, MAX_SUBMIT_MS]),
    retentionMs: check.milliseconds('retentionMs', options.retentionMs, 3_600_000, [0, Infinity]),
    resultHosts: check.hosts('resultHosts', options.resultHosts),
    allowPrivateSources: check.flag('allowPrivateSources', options.allowPrivateSources, false),
    webhook: portalWebhook(options.webhook),
    quota: check.quota(options.quota, QUOTA),
    limits: check.limits(limits),
  };
}

function portalWebhook(given: PulseOptions['webhook']): PulseOptions['webhook'] {
  const mode: unknown = given?.mode;
  if (given === undefined || mode === 'svix') return given;
  throw new TypeError('pulse: webhook: expected { mode: "svix" }: its portal says which URL is called');
}
