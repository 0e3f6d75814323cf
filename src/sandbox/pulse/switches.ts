/** Endpoints that make jobs. */
export type PulseEndpoint = 'extract' | 'split' | 'schema' | 'tables' | 'pipeline';

/** What an organisation must have been given. Forms and batches are never on here. */
export type PulseFeature = 'tables_endpoint' | 'enable_adhoc_pipeline';

/** Behaviour of the vendor that is undocumented, contradictory or decided per organisation. */
export interface PulseSwitches {
  /** HTTP status of an asynchronous acknowledgement. Default 200 for extract (`/extract_async` too), 202 for the rest. */
  ackStatus: Partial<Record<PulseEndpoint, 200 | 202>>;
  /** Under which name `/tables` acknowledges with the job's id. Default `job_id`. */
  tablesAckField: 'job_id' | 'tables_id';
  /** The status word of a cancelled job. Default `canceled`. */
  cancelledWord: 'canceled' | 'cancelled';
  /** HTTP status for cancelling a job that has ended; it stays as it is either way. Default 500. */
  cancelEnded: 200 | 500;
  /** Ended jobs show `completed_at`. Default true. */
  completedAt: boolean;
  /** How a failed job's `error` reads: `CODE: message`, or the message alone. Default `coded`. */
  jobError: 'coded' | 'message';
  /** How long a job is kept after its end, ms; then it reads `expired`. Default 24 h. */
  retentionMs: number;
  /** How long a saved extraction and its splits are kept after their job's end, ms; null = for ever. Default null. */
  extractionRetentionMs: number | null;
  /** An extraction of so many pages goes behind a URL. Default 70. */
  largePages: number;
  /** A result of so many bytes goes behind a URL. Default 5 MB. */
  largeBytes: number;
  /** How long such a URL works after the job's end, ms. Default 1 h. */
  largeLifetimeMs: number;
  /** What uses up such a URL: a download that was sent whole, or one that was begun. Default `complete`. */
  spentWhen: 'complete' | 'opened';
  /** Such a URL wants the key. Default false. */
  largeNeedsKey: boolean;
  /** Where credits and plan of a large result stand: on the pointer alone, or in the body too. Default `pointer`. */
  largeBilling: 'pointer' | 'both';
  /** Default `plan_info`. */
  planInfoKey: 'plan_info' | 'plan-info';
  /** `credits_used` in results; organisations without credit billing get null or nothing. Default `number`. */
  creditsUsed: 'number' | 'null' | 'absent';
  /** Where split-mode `/schema` puts its values. Default `results`. */
  splitSchemaKey: 'results' | 'schema_output';
  /** A topic that no page speaks of is an empty list, or left out. Default `list`. */
  emptyTopics: 'list' | 'absent';
  /** Replies have fields that are deprecated or that nobody has heard of: a client must not mind. Default false. */
  extraFields: boolean;
  /** What the organisation has been given; the rest answers 403. Default both. */
  features: readonly PulseFeature[];
  /** A larger document is refused with 413, bytes. Default 50 MB. */
  fileBytes: number;
  /** A synchronous call that takes longer ends with 504, ms. Default 900 s. */
  syncLimitMs: number;
  /** Where an event's job stands: in `data`, or beside `type`. No sample is published. Default `data`. */
  webhookBody: 'data' | 'flat';
}

export const DEFAULT_SWITCHES: PulseSwitches = {
  ackStatus: {},
  tablesAckField: 'job_id',
  cancelledWord: 'canceled',
  cancelEnded: 500,
  completedAt: true,
  jobError: 'coded',
  retentionMs: 24 * 3_600_000,
  extractionRetentionMs: null,
  largePages: 70,
  largeBytes: 5_000_000,
  largeLifetimeMs: 3_600_000,
  spentWhen: 'complete',
  largeNeedsKey: false,
  largeBilling: 'pointer',
  planInfoKey: 'plan_info',
  creditsUsed: 'number',
  splitSchemaKey: 'results',
  emptyTopics: 'list',
  extraFields: false,
  features: ['tables_endpoint', 'enable_adhoc_pipeline'],
  fileBytes: 50_000_000,
  syncLimitMs: 900_000,
  webhookBody: 'data',
};
