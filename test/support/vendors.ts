import { pulse, reducto, type Provider, type ReductoOptions } from '../../src/index.js';
import type { JsonObject } from '../../src/jobs/json.js';
import type { ApiKey } from '../../src/providers/http/api-key.js';
import type { Sandbox } from '../../src/sandbox/index.js';

export interface VendorAccess {
  apiKey?: ApiKey;
  /** How long the list may take to show a job, where there is a list. */
  listSettleMs?: number;
  /** Where the vendor calls, if it can. */
  webhook?: NonNullable<ReductoOptions['webhook']>;
}

/** What tests of the whole life of a job need to know of a vendor; what happens then follows from what its provider declares. */
export interface Vendor {
  name: 'reducto' | 'pulse';
  provider(sandbox: Sandbox, over?: VendorAccess): Provider;
  /** Words of a job that has not ended, one of them unheard of. */
  runningWords: readonly string[];
  /** A failure of a job that may pass, as the fault script says it. */
  passing: { name: string; message: string };
  /** A 400 that says `no such model` in the vendor's own form. */
  refusal: { code: string; body: JsonObject };
  /** How the vendor refuses an encrypted document. */
  encrypted: { status: number; code: string; body: JsonObject };
  /** Where a parse is submitted. */
  parsePath: string;
  /** A 404 to a submit that was to reuse a parsed document. */
  gone: JsonObject;
  /** A failure of a job whose parsed document is gone, as the fault script says it. */
  inputGone: { name: string; message: string };
  /** The reference to a parsed document that the vendor has forgotten. */
  forgotten: string;
  /** Somebody else cancels a job. */
  cancel(sandbox: Sandbox, jobId: string): Promise<void>;
  /** Somebody else submits a parse, with metadata where the vendor takes them. @returns the job's id. */
  parse(sandbox: Sandbox, url: string, metadata?: JsonObject): Promise<string>;
  /** Sandbox switches that put every result behind a URL. */
  urlResults: object;
  /** Where a stored parse result has its text. */
  parsedText: string;
}

export const VENDORS: readonly Vendor[] = [
  {
    name: 'reducto',
    // Looks for a lost job wait in real time: the sandbox lists at once, so that a moment is enough.
    provider: (sandbox, over) => reducto({ ...sandbox.reducto, listSettleMs: 20, ...over }),
    runningWords: ['Pending', 'Idle', 'InProgress', 'Completing', 'Reticulating'],
    passing: { name: 'SERVICE_UNAVAILABLE', message: 'try later' },
    refusal: {
      code: 'INVALID_CONFIG',
      body: { error: { code: 400, name: 'INVALID_CONFIG', message: 'no such model' } },
    },
    encrypted: {
      status: 442,
      code: 'DOCUMENT_PASSWORD_PROTECTED',
      body: { error: { code: 442, name: 'DOCUMENT_PASSWORD_PROTECTED', message: 'password needed' } },
    },
    gone: { error: { code: 404, name: 'NOT_FOUND', message: 'no such job' } },
    inputGone: { name: 'NOT_FOUND', message: 'The referenced job was not found.' },
    parsePath: '/parse_async',
    forgotten: 'jobid://7c3c5dd6-2a1e-4a52-9bc2-3f6f3f4f2b11',
    async cancel({ reducto: { baseUrl, apiKey } }, jobId) {
      await fetch(`${baseUrl}/cancel/${jobId}`, { method: 'POST', headers: { authorization: `Bearer ${apiKey}` } });
    },
    parse: ({ reducto: { baseUrl, apiKey } }, input, metadata) =>
      submit(`${baseUrl}/parse_async`, { authorization: `Bearer ${apiKey}` }, { input, async: { metadata } }),
    urlResults: { reducto: { urlResultBytes: 10 } },
    parsedText: 'result.chunks',
  },
  {
    name: 'pulse',
    provider: (sandbox, { apiKey, webhook } = {}) =>
      pulse({ ...sandbox.pulse, ...(apiKey && { apiKey }), ...(webhook && { webhook: { mode: 'svix' as const } }) }),
    runningWords: ['pending', 'processing', 'reticulating'],
    passing: { name: 'GENERAL_503', message: 'service unavailable, try later' },
    refusal: { code: 'REQ_003', body: { error: { code: 'REQ_003', message: 'no such model' } } },
    encrypted: {
      status: 400,
      code: 'FILE_006',
      body: { error: { code: 'FILE_006', message: 'password needed' } },
    },
    gone: { error: { code: 'GENERAL_404', message: 'Extraction not found' } },
    inputGone: { name: 'GENERAL_404', message: 'Extraction not found' },
    parsePath: '/extract',
    forgotten: '7c3c5dd6-2a1e-4a52-9bc2-3f6f3f4f2b11',
    async cancel({ pulse: { baseUrl, apiKey } }, jobId) {
      await fetch(`${baseUrl}/job/${jobId}`, { method: 'DELETE', headers: { 'x-api-key': apiKey } });
    },
    parse: ({ pulse: { baseUrl, apiKey } }, url) =>
      submit(`${baseUrl}/extract`, { 'x-api-key': apiKey }, { file_url: url, async: true }),
    urlResults: { pulse: { largeBytes: 10 } },
    parsedText: 'markdown',
  },
];

async function submit(url: string, key: Record<string, string>, body: object): Promise<string> {
  const headers = { ...key, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return ((await response.json()) as { job_id: string }).job_id;
}
