import { createHash } from 'node:crypto';

/** Lower-case hex. */
export function sha256(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}
