/** Behaviour of the vendor that is undocumented, contradictory or decided per account. */
export interface ReductoSwitches {
  /** What `POST /cancel` answers: `{}`, `null` or `{"status":"Cancelled"}`. Default `object`. */
  cancelBody: 'object' | 'null' | 'status';
  /** How a cancelled job reads: status `Cancelled`, status `Failed` with `JOB_CANCELLED`, or HTTP 409. Default `status`. */
  cancelledForm: 'status' | 'failed' | 'error';
  /** HTTP status for `jobid://` of an unfinished parse. Default 409. */
  unfinishedReference: 409 | 400;
  /** Fill `progress` (0..100) instead of null. Default false. */
  progress: boolean;
  /** Fields of `GET /job`. Default `enhanced`. */
  jobShape: 'minimal' | 'enhanced';
  /** `raw_config` shows the caller's metadata. Default true. */
  echoMetadata: boolean;
  /** What `exclude_configs=true` makes of `raw_config`. Default `omit`. */
  excludedConfig: 'omit' | 'empty';
  /** An accepted job is listed after so long, ms. Default 0. */
  listSettleMs: number;
  /** A result of more bytes goes behind a URL. Default 6 MB. */
  urlResultBytes: number;
  /** How long such a URL, and every other presigned one, works, ms. Default 1 h. */
  urlLifetimeMs: number;
  /** How long a job is kept after its end, ms. Default 12 h. */
  retentionMs: number;
  /** How long a deletion takes: 409 until then, 410 afterwards, ms. Default 2 s. */
  deletionMs: number;
  /** Which form extract answers in; `auto` = `v3_extract` with citations, else `extract`. */
  extractForm: 'auto' | 'extract' | 'v3_extract';
  /** Where an asynchronous call tells of a document that can't be read: in the failed job, or at once. Default `job`. */
  unreadableAt: 'job' | 'submit';
  /** Bill in `credits`, or give raw quantities in `usage_breakdown` with `credits` null. Default `credits`. */
  pricing: 'credits' | 'quantities';
  /** A synchronous call that takes longer ends with 504, ms. Default 900 s. */
  syncLimitMs: number;
  /** There is a `/classify_async`; without it the path is unknown (404), as on older deployments. Default true. */
  classifyAsync: boolean;
  /** Webhooks repeat the caller's metadata, as documented. Default true. */
  webhookMetadata: boolean;
}

export const DEFAULT_SWITCHES: ReductoSwitches = {
  cancelBody: 'object',
  cancelledForm: 'status',
  unfinishedReference: 409,
  progress: false,
  jobShape: 'enhanced',
  echoMetadata: true,
  excludedConfig: 'omit',
  listSettleMs: 0,
  urlResultBytes: 6_000_000,
  urlLifetimeMs: 3_600_000,
  retentionMs: 12 * 3_600_000,
  deletionMs: 2_000,
  extractForm: 'auto',
  unreadableAt: 'job',
  pricing: 'credits',
  syncLimitMs: 900_000,
  classifyAsync: true,
  webhookMetadata: true,
};
