import type { HttpClient } from '../../providers/http/http-client.js';
import { VendorError } from '../../providers/vendor-error.js';
import { pause } from '../pause.js';

/** One try to send a message. */
export interface DeliveryAttempt {
  /** ms since the epoch, by the machine's clock: a receiver compares with its own. */
  at: number;
  /** Null when there was no answer. */
  status: number | null;
}

/** One message on its way to one place. */
export interface LedgerWebhook {
  provider: string;
  jobId: string;
  /** The same in all attempts and copies; null for a message without a signature, which has none. */
  eventId: string | null;
  /** The vendor's name for it, or the status that it tells. */
  event: string;
  mode: 'signed' | 'direct';
  /** Without path: that may hold a token. */
  to: string;
  attempts: DeliveryAttempt[];
  /** `given-up`: after the last attempt, or because nothing is sent there. `lost`: by a fault. */
  state: 'waiting' | 'delivered' | 'given-up' | 'lost';
}

export interface Sending {
  entry: LedgerWebhook;
  url: string;
  /** Made anew for each attempt: the timestamp is the attempt's. */
  message: () => { headers: Record<string, string>; body: string };
  /** ms before each attempt. */
  schedule: readonly number[];
}

export const FIELD = 'webhook URL';

/** Sends until it is taken or the schedule is at its end. @param attempted called after the first attempt. */
export async function deliver(
  { entry, url, message, schedule }: Sending,
  http: HttpClient,
  closing: AbortSignal,
  attempted: () => void,
): Promise<void> {
  for (const [index, waitMs] of schedule.entries()) {
    if (waitMs > 0) await pause(waitMs, closing);
    if (closing.aborted) return;
    const at = Date.now();
    const status = await attempt(http, url, message(), closing);
    if (status !== 'refused') entry.attempts.push({ at, status });
    if (index === 0) attempted();
    if (status === 'refused') break;
    if (status !== null && status >= 200 && status < 300) {
      entry.state = 'delivered';
      return;
    }
  }
  entry.state = 'given-up';
}

/** @returns `refused` when nothing is sent there. */
async function attempt(
  http: HttpClient,
  url: string,
  { headers, body }: ReturnType<Sending['message']>,
  signal: AbortSignal,
): Promise<number | null | 'refused'> {
  const sent = { 'content-type': 'application/json', ...headers };
  try {
    const call = { method: 'POST', url, endpoint: 'POST', namedBy: FIELD, headers: sent, body } as const;
    return (await http.send(call, { signal })).status;
  } catch (error) {
    if (!(error instanceof VendorError)) return null;
    return error.facts.field === FIELD ? 'refused' : (error.facts.httpStatus ?? null);
  }
}
