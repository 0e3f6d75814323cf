import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface StoredObject {
  bytes: Uint8Array;
  contentType: string;
}

/** Stands in for the object storage behind vendors' presigned URLs. All in memory. */
export interface Storage {
  put(key: string, object: StoredObject): void;
  get(key: string): StoredObject | undefined;
  delete(key: string): void;
  /** Path and query of a presigned URL that works for `method` until `expiresAt`, ms since the epoch. */
  sign(method: 'GET' | 'PUT', key: string, expiresAt: number): string;
  check(method: string, key: string, query: Record<string, string>, now: number): 'ok' | 'expired' | 'forged';
}

/** Shared by all vendors' base paths, as buckets are apart from APIs. */
export const STORAGE_PATH = '/storage';
const EXPIRES = 'X-Amz-Expires';
const SIGNATURE = 'X-Amz-Signature';

export function createStorage(): Storage {
  const objects = new Map<string, StoredObject>();
  const secret = randomBytes(32);
  const signature = (method: string, key: string, expiresAt: string): Buffer =>
    createHmac('sha256', secret).update(`${method}\n${key}\n${expiresAt}`).digest();
  return {
    put: (key, object) => void objects.set(key, object),
    get: (key) => objects.get(key),
    delete: (key) => void objects.delete(key),
    sign(method, key, expiresAt) {
      const expires = String(Math.floor(expiresAt));
      const query = new URLSearchParams({
        [EXPIRES]: expires,
        [SIGNATURE]: signature(method, key, expires).toString('hex'),
      });
      return `${STORAGE_PATH}/${key}?${query.toString()}`;
    },
    check(method, key, query, now) {
      const expires = query[EXPIRES] ?? '';
      const given = Buffer.from(query[SIGNATURE] ?? '', 'hex');
      const wanted = signature(method, key, expires);
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return 'forged';
      return now < Number(expires) ? 'ok' : 'expired';
    },
  };
}
