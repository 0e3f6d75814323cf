import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Provider } from '../../src/index.js';
import { VendorError } from '../../src/index.js';
import type { Situation } from '../../src/testing/index.js';
import { type DocumentServer, serveDocuments } from '../support/document-server.js';
import { createTimeSkipping } from '../support/temporal.js';
import { runVendor, type VENDOR_RUNS } from './vendor-runs.js';

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
beforeAll(async () => {
  [env, documents] = await Promise.all([createTimeSkipping(), serveDocuments()]);
});
afterAll(async () => {
  await documents.close();
  await env.teardown();
});

type Mistake = [
  mistake: string,
  spoil: (provider: Provider) => Partial<Provider>,
  caught: Situation[],
  vendor?: keyof typeof VENDOR_RUNS,
];

/** What somebody who writes a provider may get wrong, and the situations that must show it. */
const MISTAKES: Mistake[] = [
  [
    'a submit that is tried again inside',
    (provider) => ({
      submit: (...args) => provider.submit(...args).catch(() => provider.submit(...args)),
    }),
    ['submit-dropped-after-accept', 'submit-rejected'],
  ],
  [
    'a look that never finds anything',
    () => ({ findJob: async () => null }),
    ['submit-dropped-after-accept', 'submit-reply-cut-off'],
  ],
  [
    'an unknown status word that is read as a failure',
    (provider) => ({
      async get(...args) {
        const read = await provider.get(...args);
        const word = read?.snapshot.vendorStatus.toLowerCase() ?? '';
        if (read === null || word in provider.statuses) return read;
        const error = { code: null, reason: word, transient: false };
        return { ...read, snapshot: { ...read.snapshot, status: 'failed', error } };
      },
    }),
    ['unknown-status'],
  ],
  [
    'a failed read that is taken for a job that is gone',
    (provider) => ({ get: (...args) => provider.get(...args).catch(() => null) }),
    ['read-server-error', 'read-html-error', 'read-dropped'],
  ],
  ['a cancel that never reaches the vendor', () => ({ cancel: async () => true }), ['cancel-wins', 'never-ends']],
  [
    "a cancel that swallows the vendor's trouble",
    (provider) => ({ cancel: (...args) => provider.cancel(...args).catch(() => true) }),
    ['cancel-fails-at-first'],
  ],
  [
    'a lost reply that is said to be certainly not accepted',
    (provider) => ({
      submit: (...args) =>
        provider.submit(...args).catch((error: unknown) => {
          throw new VendorError({ ...(error as VendorError).facts, sent: false, kind: 'unreachable' });
        }),
    }),
    ['submit-dropped-after-accept', 'submit-error-after-accept'],
  ],
  [
    'reasons that never pass',
    (provider) => ({
      async get(...args) {
        const read = await provider.get(...args);
        if (read?.snapshot.error === undefined) return read;
        return { ...read, snapshot: { ...read.snapshot, error: { ...read.snapshot.error, transient: false } } };
      },
    }),
    ['failed-transient'],
  ],
  [
    'every reason one that passes',
    (provider) => ({
      async get(...args) {
        const read = await provider.get(...args);
        if (read?.snapshot.error === undefined) return read;
        return { ...read, snapshot: { ...read.snapshot, error: { ...read.snapshot.error, transient: true } } };
      },
    }),
    ['failed'],
  ],
  ['a retention that the vendor does not keep', () => ({ retentionMs: () => 48 * 3_600_000 }), ['kept']],
  [
    'a parse without a reference that can be used again',
    (provider) => ({
      interpret: (...args) => ({ ...provider.interpret(...args), reference: 'nothing' }),
    }),
    ['happy'],
  ],
  [
    "a body that is made up when it can't be read",
    () => ({ interpret: (_operation, jobId) => ({ usage: NONE, reference: `jobid://${jobId}` }) }),
    ['finished-body-unreadable'],
  ],
  [
    'a busy vendor that is taken for one that refuses',
    (provider) => ({
      submit: (...args) =>
        provider.submit(...args).catch((error: unknown) => {
          throw new VendorError({ ...(error as VendorError).facts, kind: 'rejected' });
        }),
    }),
    ['submit-rate-limited'],
  ],
  [
    'a single read that is opened by the status read',
    (provider) => ({
      async get(...args) {
        const read = await provider.get(...args);
        if (read?.body?.kind === 'single_read') await read.body.open({});
        return read;
      },
    }),
    ['single-read'],
    'pulse',
  ],
  [
    'a look where nobody can look',
    () => ({ findJob: async () => null }),
    ['submit-dropped-after-accept', 'submit-reply-cut-off'],
    'pulse',
  ],
  [
    'a document of the worker that never leaves it',
    (provider) => ({ submit: (request, marker, { file: _file, ...call }) => provider.submit(request, marker, call) }),
    ['happy'],
    'pulse',
  ],
];

const NONE = { pages: null, credits: null };

describe('the kit', () => {
  it.each(MISTAKES)('catches %s', { timeout: 60_000 }, async (_mistake, spoil, caught, vendor = 'reducto') => {
    const report = await runVendor(vendor, {
      env,
      documents,
      situations: caught,
      spoil: (provider) => ({ ...provider, ...spoil(provider) }),
    });
    const failed = report.rows.filter((row) => row.ok === false);
    expect(
      failed.map((row) => row.situation.replace(/ \(.*/, '')),
      report.table(),
    ).toEqual(expect.arrayContaining(caught));
    expect(report.ok).toBe(false);
  });

  it('does not wait for ever for a case that hangs, and says which it was', { timeout: 60_000 }, async () => {
    const report = await runVendor('reducto', {
      env,
      documents,
      situations: ['happy', 'cancelled-elsewhere'],
      caseLimitMs: 2_000,
      spoil: (provider) => ({ ...provider, get: () => new Promise(() => undefined) }),
    });
    const [first, second] = report.rows;
    expect(first).toMatchObject({ situation: 'happy', ok: false });
    expect(first?.got).toMatch(/did not end within 2000 ms/);
    expect(second).toMatchObject({ ok: null, got: 'not shown: an earlier case hangs (parse, happy)' });
  });
});
