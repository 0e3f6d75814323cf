import { ResultStoreError } from '../result-store.js';

/** What an operator has to change before the same call can succeed. */
const FOR_GOOD: Readonly<Record<string, string>> = {
  AccessDenied:
    'access denied: the store needs s3:GetObject, PutObject, DeleteObject, AbortMultipartUpload and ListBucket',
  AccountProblem: 'the account is blocked',
  AllAccessDisabled: 'the account is blocked',
  InvalidAccessKeyId: 'the access key is unknown',
  SignatureDoesNotMatch: 'the secret key is wrong',
  AuthorizationHeaderMalformed: 'the region is wrong',
  PermanentRedirect: 'the bucket is in another region',
  NoSuchBucket: 'the bucket does not exist',
  RegionIsMissing: 'no region is set',
  InvalidBucketName: 'the bucket’s name is not valid',
  InvalidObjectState: 'the object is archived',
  EntityTooLarge: 'the object is larger than the server takes',
  NotImplemented: 'the server lacks something that write-once needs',
};
/** What may pass by itself, or by new credentials from where they come from. */
const MAY_PASS: Readonly<Record<string, string>> = {
  SlowDown: 'the server asks to slow down',
  ServiceUnavailable: 'the server is not available',
  InternalError: 'the server failed',
  RequestTimeout: 'the server waited too long for the bytes',
  RequestTimeTooSkewed: 'this host’s clock is wrong',
  ExpiredToken: 'the credentials have expired',
  ExpiredTokenException: 'the credentials have expired',
  CredentialsProviderError: 'no credentials can be had',
  BadDigest: 'the bytes were damaged on the way',
  XAmzContentSHA256Mismatch: 'the bytes were damaged on the way',
  IncompleteBody: 'the bytes were cut off on the way',
  ConditionalRequestConflict: 'another writer is at it',
  OperationAborted: 'another writer is at it',
  NoSuchUpload: 'the upload was broken off by another writer or a lifecycle rule',
  TimeoutError: 'the server did not answer in time',
  AbortError: 'the server did not answer in time',
  ECONNRESET: 'the connection broke',
  ECONNREFUSED: 'nothing listens at the endpoint',
  EPIPE: 'the connection broke',
  ETIMEDOUT: 'the server did not answer in time',
  ENOTFOUND: 'the endpoint’s name is not known',
};

/** Codes as S3, its workalikes, the SDK and Node write them: anything else might carry what nobody should read. */
const CODE = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/;

/**
 * Says what went wrong under which key. Only the code is taken from the error: its text may hold URLs and account numbers.
 * What no table knows is for good if it is a refusal (4xx), and may pass if not.
 */
export function s3StoreError(key: string, error: unknown): ResultStoreError {
  if (error instanceof ResultStoreError) return error;
  const code = s3ErrorCode(error);
  const status = s3Status(error);
  const shown = [code, status === undefined ? undefined : `HTTP ${status}`].filter((part) => part !== undefined);
  const words = wordsOf(code, status);
  const where = `result store: ${key}: `;
  return new ResultStoreError(
    where + (words === undefined ? shown.join(', ') || 'unknown error' : `${words} (${shown.join(', ')})`),
    mayPass(code, status),
  );
}

/** @returns undefined when the error names no code: a reply to HEAD has no body that could. */
export function s3ErrorCode(error: unknown): string | undefined {
  const { name, code, Code, message } = (error ?? {}) as Record<string, unknown>;
  if (message === 'Region is missing') return 'RegionIsMissing';
  // The SDK calls a broken connection a TimeoutError, and keeps Node's code beside.
  if (typeof code === 'string' && /^E[A-Z_]{2,30}$/.test(code)) return code;
  return [Code, name, code].find(
    (one): one is string => typeof one === 'string' && CODE.test(one) && !NO_CODES.has(one),
  );
}

const THROTTLED = /throttl|TooManyRequests|LimitExceeded/i;
/** Names that say nothing, `code` may say more. */
const NO_CODES = new Set([
  'Error',
  'Unknown',
  'UnknownError',
  'NotFound',
  'Forbidden',
  'BadRequest',
  'S3ServiceException',
]);

export function s3Status(error: unknown): number | undefined {
  const status = (error as { $metadata?: { httpStatusCode?: unknown } } | null)?.$metadata?.httpStatusCode;
  return typeof status === 'number' ? status : undefined;
}

function wordsOf(code: string | undefined, status: number | undefined): string | undefined {
  const named = code === undefined ? undefined : (FOR_GOOD[code] ?? MAY_PASS[code]);
  return named ?? (status === 403 ? FOR_GOOD.AccessDenied : undefined);
}

function mayPass(code: string | undefined, status: number | undefined): boolean {
  if (code !== undefined && code in FOR_GOOD) return false;
  if (code !== undefined && (code in MAY_PASS || THROTTLED.test(code))) return true;
  if (status === undefined || status >= 500) return true;
  // 200 is a reply that was cut off or that turned into an error on its way.
  return status < 300 || status === 408 || status === 409 || status === 429;
}
