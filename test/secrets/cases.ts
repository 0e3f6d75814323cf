import type { ProcessDocumentInput } from '../../src/jobs/process-document.js';
import type { FaultRule, SandboxOptions } from '../../src/sandbox/index.js';
import { makeCanaries } from '../support/canaries.js';
import type { Vendor } from '../support/vendors.js';

/** Belong nowhere: not into histories, logs, metrics, metadata, output. */
export const SECRETS = makeCanaries(
  ['key', 'token', 'signature', 'sig', 'password', 'vault', 'awsSecret', 'blob', 'userInUrl'] as const,
  's',
);
/** The document's text, which is in the result store and nowhere else. */
export const { text: TEXT } = makeCanaries(['text'] as const, 't');
/** What the user has put into the input is in the history with it, and belongs nowhere else. */
export const INPUT = makeCanaries(['sourceSignature', 'prompt'] as const, 'i');
/** An extracted value, which travels inline unless the input says `stored`. */
export const { value: VALUE } = makeCanaries(['value'] as const, 'v');

const { key, token, signature, sig, password, blob, userInUrl } = SECRETS;
/** All that a vendor could repeat. */
export const ECHO = [
  `bad key ${key}, Authorization: Bearer ${token}`,
  `https://b.s3.amazonaws.com/k.pdf?X-Amz-Signature=${signature}&sig=${sig}, sig=${sig}&x`,
  `https://${userInUrl}:${password}@host/x {"document_password":"${password}"}`,
  Buffer.from(`${blob} `.repeat(6)).toString('base64'),
].join(' ');

export const DOCUMENT = `Invoice number: INV-77\nCustomer name: ${VALUE}\nTotal: $12.50\n\n${TEXT} is body text.\n`;

export interface Case {
  name: string;
  /** A result's status, `cancelled`, or the failure's type. Undefined where the vendors differ. */
  ends: string | ((vendor: Vendor) => string);
  sandbox?: (vendor: Vendor) => SandboxOptions;
  input?: Partial<ProcessDocumentInput>;
  /** Only this vendor. */
  only?: Vendor['name'];
  cancel?: true;
  /** What the worker's own parts do the first time: fail with secrets in their words. */
  fails?: 'source' | 'key' | 'store' | 'store for good';
}

const on = (rule: Partial<FaultRule>): (() => SandboxOptions) => {
  return () => ({ faults: [rule as FaultRule] });
};
const said = (status: number, detail: unknown = ECHO) => ({ status, body: { detail } as never });
const STUCK = on({ job: 'stuck', operation: 'parse' });

export const CASES: readonly Case[] = [
  { name: 'results behind signed URLs', ends: 'complete', sandbox: ({ urlResults }) => urlResults },
  { name: 'stored only', ends: 'complete', input: { results: 'stored' } },
  { name: 'a refused key', ends: 'DocumentAccountRefused', sandbox: on({ on: 'submit', do: said(401) }) },
  { name: 'a refused submit', ends: 'DocumentSubmitRejected', sandbox: on({ on: 'submit', do: said(400) }) },
  {
    name: 'a failed job',
    ends: 'DocumentJobFailed',
    sandbox: on({ operation: 'parse', job: { failed: { name: `E_${'X'.repeat(3)}`, message: ECHO } } }),
  },
  {
    name: 'a failed extract',
    ends: 'partial',
    sandbox: on({ operation: 'extract', job: { failed: { name: 'DOCUMENT_CORRUPT', message: ECHO } } }),
  },
  { name: 'reads in trouble', ends: 'complete', sandbox: on({ on: 'get', call: { from: 1, to: 2 }, do: said(500) }) },
  {
    name: 'a strange status',
    ends: 'complete',
    sandbox: on({ operation: 'parse', job: { statusWord: ECHO.slice(0, 200), forMs: 300 } }),
  },
  {
    name: 'too many requests',
    ends: 'complete',
    sandbox: on({ on: 'submit', call: 1, do: { ...said(429), headers: { 'retry-after': '2' } } }),
  },
  {
    name: 'a lost reply',
    ends: ({ name }) => (name === 'pulse' ? 'DocumentSubmitUnknown' : 'complete'),
    sandbox: on({ on: 'submit', call: 1, do: said(502) }),
  },
  {
    name: 'a reply that is none',
    ends: 'DocumentReplyInvalid',
    sandbox: on({ on: 'submit', do: { status: 200, body: { [ECHO]: ECHO, job_id: { [ECHO]: TEXT } } } }),
  },
  {
    name: 'a body that is none',
    ends: 'DocumentReplyInvalid',
    sandbox: on({ on: 'get', do: { status: 200, body: unreadable() } }),
  },
  {
    name: 'values that do not fit',
    ends: 'ExtractedDataInvalid',
    input: {
      onFailure: 'cancel',
      schema: { type: 'object', properties: { customer_name: { type: 'string', maxLength: 3 } } },
    },
  },
  { name: 'cancelled', ends: 'cancelled', sandbox: STUCK, cancel: true },
  { name: 'late', ends: 'DocumentJobDeadlineExceeded', sandbox: STUCK, input: { deadline: '2s' } },
  {
    name: 'a secret password',
    only: 'reducto',
    ends: 'DocumentSubmitRejected',
    sandbox: ({ encrypted }) => ({ faults: [{ on: 'submit', do: said(encrypted.status, `wrong: ${password}`) }] }),
    input: { options: { parse: { settings: { document_password: { secret: 'contract' } } } } },
  },
  {
    name: 'a password in the open',
    only: 'reducto',
    ends: 'DocumentInputInvalid',
    input: { options: { parse: { settings: { document_password: 'said so' } } } },
  },
  { name: 'a source that fails once', ends: 'complete', fails: 'source' },
  { name: 'a key that fails once', ends: 'complete', fails: 'key' },
  { name: 'a store that fails once', ends: 'complete', fails: 'store' },
  { name: 'a store that refuses', ends: 'DocumentResultStoreRefused', fails: 'store for good' },
];

/** Completed, by both vendors' words, with what no schema expects. */
function unreadable(): never {
  const result = { type: 'nonsense', chunks: `${TEXT} ${ECHO}`, schema_output: TEXT };
  return { job_id: 'job', status: 'Completed', ...result, result } as never;
}
