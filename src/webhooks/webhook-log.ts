/** What became of a request. */
export type WebhookReason =
  /** Temporal has it. 204 */
  | 'taken'
  /** The workflow that waited has ended, is unknown, or belongs to another namespace. 204 */
  | 'nobody-waits'
  /** It came before, and was taken then. 204 */
  | 'repeated'
  /** News of a job that goes on, or of something that is no job. 204 */
  | 'not-an-end'
  /** The event of a self-test. 204 */
  | 'test'
  | 'not-json'
  | 'malformed'
  | 'body-broken'
  /** No signature, or not in the form that senders give it. 401 */
  | 'no-signature'
  | 'old-timestamp'
  | 'bad-signature'
  | 'unknown-path'
  | 'unknown-account'
  | 'wrong-token'
  | 'wrong-method'
  | 'too-slow'
  | 'too-large'
  /** The account's function gave no secrets. 503 */
  | 'no-secrets'
  /** Too many events at once. 503 */
  | 'busy'
  /** Temporal, or a `deliver` of your own, did not take it (in time). 503 */
  | 'not-delivered';

export const STATUS: Readonly<Record<WebhookReason, number>> = {
  taken: 204,
  'nobody-waits': 204,
  repeated: 204,
  'not-an-end': 204,
  test: 204,
  'not-json': 400,
  malformed: 400,
  'body-broken': 400,
  'no-signature': 401,
  'old-timestamp': 401,
  'bad-signature': 401,
  'unknown-path': 404,
  'unknown-account': 404,
  'wrong-token': 404,
  'wrong-method': 405,
  'too-slow': 408,
  'too-large': 413,
  'no-secrets': 503,
  busy: 503,
  'not-delivered': 503,
};

/** One request, for the record. It holds nothing of what was sent: no body, no signature, no token, no path. */
export interface WebhookLogEntry {
  reason: WebhookReason;
  /** HTTP status of the answer. */
  status: number;
  /** Only of an account that exists. */
  account?: string;
  /** Name of the error that kept an event from being delivered: `ServiceError`. */
  error?: string;
}

/** Called once a request. What it throws is ignored. */
export type WebhookLog = (entry: WebhookLogEntry) => void;

/** One line of text for an entry. */
export function webhookLine({ reason, status, account, error }: WebhookLogEntry): string {
  const words = status < 300 ? reason : `refused: ${reason}`;
  return `webhook ${words} (${[status, account, error].filter((part) => part !== undefined).join(', ')})`;
}

/** The default: a line on stderr for what was not answered with 2xx, and for self-tests. */
export const logTroubles: WebhookLog = (entry) => {
  if (entry.status >= 300 || entry.reason === 'test') console.warn(webhookLine(entry));
};
