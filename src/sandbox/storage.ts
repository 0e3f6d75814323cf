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
  /** Path and query of a presigned URL that works for `method` for `lifetimeMs` from `now` on, rounded up to whole seconds. */
  sign(method: 'GET' | 'PUT', key: string, now: number, lifetimeMs: number): string;
  check(method: string, key: string, query: Record<string, string>, now: number): 'ok' | 'expired' | 'forged';
}

/** Shared by all vendors' base paths, as buckets are apart from APIs. */
export const STORAGE_PATH = '/storage';
/** `20260115T000000Z`. */
const DATE = 'X-Amz-Date';
/** Seconds after that. */
const EXPIRES = 'X-Amz-Expires';
const SIGNATURE = 'X-Amz-Signature';

export function createStorage(): Storage {
  const objects = new Map<string, StoredObject>();
  const secret = randomBytes(32);
  const signature = (method: string, key: string, date: string, expires: string): Buffer =>
    createHmac('sha256', secret).update([method, key, date, expires].join('\n')).digest();
  return {
    put: (key, object) => void objects.set(key, object),
    get: (key) => objects.get(key),
    delete: (key) => void objects.delete(key),
    sign(method, key, now, lifetimeMs) {
      const from = Math.floor(now / 1000);
      const date = basicDate(from);
      const expires = String(Math.ceil((now + lifetimeMs) / 1000) - from);
      const query = new URLSearchParams({
        [DATE]: date,
        [EXPIRES]: expires,
        [SIGNATURE]: signature(method, key, date, expires).toString('hex'),
      });
      return `${STORAGE_PATH}/${key}?${query.toString()}`;
    },
    check(method, key, query, now) {
      const { [DATE]: date = '', [EXPIRES]: expires = '' } = query;
      const given = Buffer.from(query[SIGNATURE] ?? '', 'hex');
      const wanted = signature(method, key, date, expires);
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return 'forged';
      return now < (secondsOf(date) + Number(expires)) * 1000 ? 'ok' : 'expired';
    },
  };
}

const basicDate = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');

const secondsOf = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5')) / 1000;
