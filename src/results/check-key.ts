import { ResultStoreError } from './result-store.js';

/** No `..`, no absolute path, no hidden file, nothing that a shell or a bucket would read another way. */
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._=+@-]{0,199}$/;

/** @throws {ResultStoreError} not retryable, for a key that could leave the store. */
export function checkKey(key: string): void {
  if (key.split('/').every((segment) => SEGMENT.test(segment))) return;
  throw new ResultStoreError(
    `result key ${JSON.stringify(key)}: expected segments of letters, digits and "._=+@-", joined by "/"`,
    false,
  );
}
