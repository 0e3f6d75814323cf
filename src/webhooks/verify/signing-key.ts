import { Webhook } from 'standardwebhooks';

/** Signs with one secret, by the scheme of Svix and Standard Webhooks. */
export interface SigningKey {
  /**
   * HMAC-SHA256 over `<id>.<timestamp>.<body>`.
   * @param timestamp seconds since the epoch.
   * @returns `v1,` and the Base64 of it.
   */
  sign(id: string, timestamp: number, body: string): string;
}

/** The scheme asks for 24 to 64 bytes. Less than this could be guessed. */
const LEAST_BYTES = 16;

/**
 * @param secret `whsec_` and Base64, as the portal shows it; the prefix may be missing.
 * @throws TypeError that does not repeat it.
 */
export function signingKey(secret: string): SigningKey {
  const encoded = secret.trim().replace(/^whsec_/, '');
  if (!isBase64(encoded) || (encoded.replace(/=+$/, '').length * 3) / 4 < LEAST_BYTES) {
    throw new TypeError(
      `expected a signing secret as the portal shows it: whsec_ and Base64 of at least ${LEAST_BYTES} bytes`,
    );
  }
  const scheme = new Webhook(encoded);
  return { sign: (id, timestamp, body) => scheme.sign(id, new Date(timestamp * 1_000), body) };
}

const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
