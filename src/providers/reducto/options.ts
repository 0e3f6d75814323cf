import { DEFAULT_LIMITS, type HttpLimits } from '../http/http-client.js';

/** Configuration of one Reducto account. */
export interface ReductoOptions {
  /** The key, or a function that gives it for each call (rotation, secret managers). Never leaves the worker. */
  apiKey: string | (() => string | Promise<string>);
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
  /** How long the account keeps results, ms. Default 12 hours, the shortest figure that the vendor gives. */
  retentionMs?: number;
  limits?: Partial<HttpLimits>;
}

const BASE_URLS = {
  us: 'https://platform.reducto.ai',
  eu: 'https://eu.platform.reducto.ai',
  au: 'https://au.platform.reducto.ai',
} as const;

export interface ResolvedReductoOptions {
  apiKey: () => Promise<string>;
  baseUrl: string;
  model: string;
  submitTimeoutMs: number;
  listSettleMs: number;
  retentionMs: number;
  limits: HttpLimits;
}

/** Fills in defaults. @throws TypeError naming the option, what was expected and what came. */
export function resolveOptions(options: ReductoOptions): ResolvedReductoOptions {
  const { apiKey, region = 'us', baseUrl = BASE_URLS[region], model = 'r-1' } = options;
  if (typeof apiKey !== 'function' && (typeof apiKey !== 'string' || apiKey.trim() === '')) {
    throw new TypeError(`reducto: apiKey: expected a key or a function that gives one, got ${describe(apiKey)}`);
  }
  if (typeof baseUrl !== 'string' || !/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) {
    const known = Object.keys(BASE_URLS).join(', ');
    throw new TypeError(
      `reducto: expected a region (${known}) or an http(s) baseUrl, got ${describe(options.baseUrl ?? region)}`,
    );
  }
  return {
    apiKey: async () => (typeof apiKey === 'function' ? apiKey() : apiKey),
    baseUrl: baseUrl.replace(/\/+$/, ''),
    model,
    submitTimeoutMs: milliseconds('submitTimeoutMs', options.submitTimeoutMs, 30_000, [1, 30_000]),
    listSettleMs: milliseconds('listSettleMs', options.listSettleMs, 5_000, [0, 30_000]),
    retentionMs: milliseconds('retentionMs', options.retentionMs, 12 * 3_600_000, [0, Infinity]),
    limits: checkLimits(options.limits ?? {}),
  };
}

function milliseconds(name: string, value: unknown, fallback: number, [least, most]: [number, number]): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most) return value;
  throw new TypeError(`reducto: ${name}: expected ${least} to ${most} ms, got ${figure(value)}`);
}

function checkLimits(given: Partial<HttpLimits>): HttpLimits {
  const limits = { ...DEFAULT_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    const isLimit = Object.hasOwn(DEFAULT_LIMITS, name);
    if (!isLimit) throw new TypeError(`reducto: limits.${name}: there is ${Object.keys(DEFAULT_LIMITS).join(', ')}`);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new TypeError(`reducto: limits.${name}: expected a whole number from 1, got ${figure(value)}`);
    }
  }
  return limits;
}

const figure = (value: unknown): string => (typeof value === 'number' ? String(value) : describe(value));

/** Never a key, whatever it was put in: strings are named by their length, lists and objects not at all. */
function describe(value: unknown): string {
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`;
}
