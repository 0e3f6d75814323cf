import type { DurationModel } from './durations.js';
import type { FaultRule } from './fault-rules.js';
import type { RateLimits } from './limits.js';
import type { SwitchOptions } from './vendors.js';
import type { WebhookSendingOptions } from './webhooks/create-webhooks.js';

/** A vendor's switches stand under its name. */
export interface SandboxOptions extends SwitchOptions {
  /** Default 0 = any free one. */
  port?: number;
  /** Default `127.0.0.1`. */
  host?: string;
  /**
   * Documents may be fetched from private networks. Default false: from public addresses, and from this machine if `host` is loopback. Metadata
   * services and link-local addresses stay closed.
   */
  allowPrivateSources?: boolean;
  /** The one key that is accepted; default `sandbox-key`. Any other is refused as the vendor would. */
  key?: string;
  /** The clock that jobs live by, ms since the epoch; may be asynchronous, as a test server's is. Default `Date.now`. */
  now?: () => number | Promise<number>;
  /** Job durations are divided by it; > 0, default 1. */
  speed?: number;
  /** For the jitter of durations and the probabilities of faults; default 1. */
  seed?: number;
  /** Default 1.5 s + 0.25 s a page, ± 20 %. */
  duration?: DurationModel;
  /** Where events are sent and how often; default to this machine, and by the vendors' schedules divided by the speed. */
  webhooks?: WebhookSendingOptions;
  /** What an account may do a second; more is answered by the vendor's own 429. Default: no limits. */
  limits?: RateLimits;
  /** Fault script; default none. */
  faults?: readonly FaultRule[];
}

export const DEFAULT_DURATION: DurationModel = { baseMs: 1_500, perPageMs: 250, jitter: 0.2 };
export const DEFAULT_KEY = 'sandbox-key';

/** How long an uploaded document is kept, ms. */
export const UPLOAD_LIFETIME_MS = 24 * 3_600_000;

/** @throws Error of one line that names the option, what is expected and what came */
export function checkOptions({
  port = 0,
  speed = 1,
  key = DEFAULT_KEY,
  duration = DEFAULT_DURATION,
}: SandboxOptions): void {
  expect(Number.isInteger(port) && port >= 0 && port <= 65_535, 'port', 'an integer 0..65535', port);
  expect(speed > 0 && Number.isFinite(speed), 'speed', 'a number above 0', speed);
  expect(key.trim() !== '', 'key', 'text that is not empty', key);
  expect(duration.baseMs >= 0, 'duration.baseMs', 'ms ≥ 0', duration.baseMs);
  expect(duration.perPageMs >= 0, 'duration.perPageMs', 'ms ≥ 0', duration.perPageMs);
  expect(duration.jitter >= 0 && duration.jitter <= 1, 'duration.jitter', 'a number 0..1', duration.jitter);
}

function expect(holds: boolean, option: string, expectation: string, received: string | number): void {
  if (!holds)
    throw new Error(`sandbox option ${option}: expected ${expectation}, received ${JSON.stringify(received)}`);
}
