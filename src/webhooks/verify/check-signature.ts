import { sameText } from './same-text.js';
import type { SigningKey } from './signing-key.js';

/** How far a message's time may be from ours, in either direction, s. What Svix's own libraries take. */
export const WINDOW_S = 300;

/** The headers' family names: Svix's own, and those of senders that hide it, which are Standard Webhooks'. */
const FAMILIES = ['svix', 'webhook'] as const;

const ID = /^[\x21-\x7e]{1,256}$/;
/** As the sender signed it: another way to write the same number has another signature. */
const SECONDS = /^(0|[1-9]\d{0,11})$/;
/** During a rotation there are two; a list without end would be work without end. */
const MOST_SIGNATURES = 16;
const MOST_CHARACTERS = 4_096;

/** The three headers of one family. */
export interface SignatureHeaders {
  /** The same in every retry of the message. */
  id: string;
  /** Seconds since the epoch. */
  timestamp: number;
  signatures: readonly string[];
}

/** @returns null when no family is there whole, and in the form that senders give it. */
export function signatureHeaders(headers: Pick<Headers, 'get'>): SignatureHeaders | null {
  for (const family of FAMILIES) {
    const [id, timestamp, list] = ['id', 'timestamp', 'signature'].map((part) => headers.get(`${family}-${part}`));
    if (id == null || timestamp == null || list == null) continue;
    if (!ID.test(id) || !SECONDS.test(timestamp) || list.length > MOST_CHARACTERS) return null;
    const signatures = list.split(' ').filter((one) => one !== '');
    if (signatures.length === 0 || signatures.length > MOST_SIGNATURES) return null;
    return { id, timestamp: Number(timestamp), signatures };
  }
  return null;
}

/**
 * Whether a body is what the holder of one of the secrets signed, not long ago.
 * @param body the request's bytes as they came, read as UTF-8 without loss.
 * @param nowMs since the epoch.
 */
export function checkSignature(
  { id, timestamp, signatures }: SignatureHeaders,
  body: string,
  keys: readonly SigningKey[],
  nowMs: number,
): 'good' | 'old-timestamp' | 'bad-signature' {
  if (Math.abs(Math.floor(nowMs / 1_000) - timestamp) > WINDOW_S) return 'old-timestamp';
  const expected = keys.map((key) => key.sign(id, timestamp, body));
  // All pairs, whichever fits: which of them did is nobody's business.
  const fitting = expected.flatMap((one) => signatures.map((given) => sameText(given, one))).filter(Boolean);
  return fitting.length > 0 ? 'good' : 'bad-signature';
}
