import { ResultStoreError } from './result-store.js';

/** What an operator has to change before the same write can succeed. Anything else (full disk, flaky mount) may pass by itself. */
const FOR_GOOD: Readonly<Record<string, string>> = {
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOTDIR: 'a part of the path is no folder',
  EEXIST: 'there is a file where a folder must be',
  EISDIR: 'there is a folder of that name',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
  EINVAL: 'the file system refuses the name',
};
const MAY_PASS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left',
  EDQUOT: 'the quota is used up',
  EIO: 'input/output error',
  ENOENT: 'the file is gone meanwhile',
};

/** Says what went wrong under which key, without the host's paths. */
export function fileStoreError(key: string, error: unknown): ResultStoreError {
  if (error instanceof ResultStoreError) return error;
  const code = errorCode(error) ?? 'unknown error';
  const words = FOR_GOOD[code] ?? MAY_PASS[code];
  return new ResultStoreError(
    `result store: ${key}: ${words === undefined ? code : `${words} (${code})`}`,
    !(code in FOR_GOOD),
  );
}

/** `ENOENT` and the like. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
