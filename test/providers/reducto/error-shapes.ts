export const SECRET = 'sk-1';
const signed = 'https://h/p?X-Amz-Signature=abc';

/** Every form in which the vendor, or what stands before it, refuses. Each holds what must not come through. */
export const SHAPES = {
  A: (name: string) => ({
    text: JSON.stringify({
      error: { code: 400, name, message: `words ${SECRET} ${signed}`, job_id: null },
      detail: 'd',
    }),
    name,
    words: 'words … https://h/p?…',
  }),
  'A with a type': (name: string) => ({
    text: JSON.stringify({ error: { message: `words ${SECRET}`, type: name, code: 400 } }),
    name,
    words: 'words …',
  }),
  B: () => ({
    text: JSON.stringify({
      detail: [
        { loc: ['body', 'SyncParseConfig', 'input'], msg: `Field required ${SECRET}`, type: 'missing', input: SECRET },
        { loc: ['body', 0], msg: 'odd', type: 'value_error', ctx: { error: SECRET } },
      ],
    }),
    words: 'body.SyncParseConfig.input: Field required …; body.0: odd',
  }),
  'B as text': () => ({
    text: JSON.stringify({ detail: `Invalid access token ${SECRET}` }),
    words: 'Invalid access token …',
  }),
  C: () => ({
    text: JSON.stringify({ message: `[CODE 1000] rate limit exceeded for Bearer ${SECRET}` }),
    words: '[CODE 1000] rate limit exceeded for Bearer …',
  }),
  D: () => ({
    text: `<html>\r\n<head><title>Forbidden</title></head><body>${SECRET} ${signed}</body></html>`,
    words: 'an HTML page: Forbidden',
  }),
  empty: () => ({ text: '', words: 'no further words' }),
  'cut off': () => ({
    text: `{"error":{"code":400,"name":"TIMEOUT","message":"words ${SECRET}`,
    words: '{"error":{"code":400,"name":"TIMEOUT","message":"words …',
  }),
} satisfies Record<string, (name: string) => { text: string; name?: string; words: string }>;

export const CODES = [400, 401, 403, 404, 408, 409, 410, 413, 415, 422, 429, 442, 500, 502, 503, 504];
/** One name, or more, of each kind that the sheet's list has. */
export const NAMES = {
  transient: [
    'TIMEOUT',
    'INTERNAL_ERROR',
    'SUBPROCESS_CRASHED',
    'BATCH_ORPHANED',
    'LLM_PROVIDER_ERROR',
    'PROCESSING_FAILED',
  ],
  overload: [
    'CAPACITY_TIMEOUT',
    'SERVICE_UNAVAILABLE',
    'GPU_ALLOCATION_ERROR',
    'GPU_POOL_SATURATED',
    'GPU_UNAVAILABLE',
    'BATCH_QUEUE_FULL',
    'QUEUE_FULL',
  ],
  busy: ['RATE_LIMIT'],
  key: ['AUTH_ERROR'],
  reference: ['NOT_FOUND', 'JOB_DELETED', 'JOB_DELETION_IN_PROGRESS', 'JOB_NOT_COMPLETE', 'JOB_CANCELLED'],
  document: [
    'DOCUMENT_CORRUPT',
    'DOCUMENT_PASSWORD_PROTECTED',
    'IMAGE_TOO_LARGE',
    'OFFICE_CONVERSION_TOO_LARGE',
    'FORM_FILL_FAILED',
    'CELL_COUNT_EXCEEDED',
    'CONTEXT_WINDOW_EXCEEDED',
    'OUTPUT_LIMIT_EXCEEDED',
    'OVERSIZED_RESULT',
  ],
  request: [
    'INVALID_CONFIG',
    'INVALID_SCHEMA',
    'URL_NOT_ALLOWED',
    'CUSTOMER_TIMEOUT',
    'INFERENCE_METHOD_UNSUPPORTED',
    'NOT_APPLICABLE',
    'REGION_UNAVAILABLE',
    'JOB_STATE_ERROR',
    'INTERNAL_INVARIANT_VIOLATION',
    'A_NAME_OF_TOMORROW',
  ],
} as const;
export type NameClass = keyof typeof NAMES;

/** What a code means by itself, and with a name of each class. Written down, not computed as the code under test does it. */
export const BY_CODE: Record<number, { bare: string; named: Record<NameClass, string> }> = Object.fromEntries(
  CODES.map((code) => {
    const every = (kind: string): Record<NameClass, string> => ({
      transient: kind,
      overload: kind,
      busy: kind,
      key: kind,
      reference: kind,
      document: kind,
      request: kind,
    });
    if (code === 429) return [code, { bare: 'rate_limited', named: every('rate_limited') }];
    if (code === 408 || code >= 500) return [code, { bare: 'server', named: every('server') }];
    if (code === 401)
      return [code, { bare: 'auth', named: { ...every('auth'), overload: 'server', busy: 'rate_limited' } }];
    const named = { ...every('rejected'), overload: 'server', busy: 'rate_limited', key: 'auth' };
    return [code, { bare: code === 403 ? 'auth' : 'rejected', named }];
  }),
);
/** The request reuses something: these codes, and those names with any code of a refusal, say that it is gone. */
export const GONE_CODES = [404, 410];
