import { createHmac, randomBytes } from 'node:crypto';
import type { HeaderFamily } from './announcement.js';

/** One message, the same in all its attempts. */
export interface SignedEvent {
  /** `msg_…` */
  id: string;
  /** Seconds since the epoch. */
  timestamp: number;
  body: string;
}

export const newEventId = (): string => `msg_${randomBytes(16).toString('base64url')}`;

/** `whsec_` and the Base64 of 24 random bytes. */
export const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;

/** The scheme written out once more, so that a mistake in what receives these is not repeated here. */
export function signatureOf(secret: string, { id, timestamp, body }: SignedEvent): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** The three headers of each family, with one signature for each secret. */
export function signedHeaders(
  secrets: readonly string[],
  families: readonly HeaderFamily[],
  event: SignedEvent,
): Record<string, string> {
  const signatures = secrets.map((secret) => signatureOf(secret, event)).join(' ');
  return Object.fromEntries(
    families.flatMap((family) => [
      [`${family}-id`, event.id],
      [`${family}-timestamp`, String(event.timestamp)],
      [`${family}-signature`, signatures],
    ]),
  );
}
