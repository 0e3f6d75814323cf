import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Provider, reducto, VendorError } from '../../src/index.js';
import type { OperationRequest } from '../../src/jobs/activities.js';
import { type Sandbox, createSandbox } from '../../src/sandbox/index.js';
import { checkCalls } from '../../src/testing/conformance/check-calls.js';
import { checkDeclared } from '../../src/testing/conformance/check-declared.js';
import type { ConformanceRow } from '../../src/testing/index.js';
import { checkConformance, sandboxVendor } from '../../src/testing/index.js';
import { type DocumentServer, serveDocuments } from '../support/document-server.js';

let sandbox: Sandbox;
let documents: DocumentServer;
let provider: Provider;
beforeAll(async () => {
  [sandbox, documents] = await Promise.all([createSandbox({ speed: 10 }), serveDocuments()]);
  provider = reducto({ ...sandbox.reducto, listSettleMs: 20 });
});
afterAll(async () => {
  await provider.close();
  await Promise.all([sandbox.close(), documents.close()]);
});

const ASKS = {
  parse: {},
  extract: { schema: { type: 'object' } },
  split: { sections: [{ name: 'a', description: 'b' }] },
};
const failed = (rows: ConformanceRow[]): string[] => rows.filter((row) => row.ok === false).map((row) => row.situation);

describe('what a provider declares and refuses', () => {
  const rows = (spoiled: Partial<Provider> = {}): ConformanceRow[] =>
    checkDeclared({ ...provider, ...spoiled }, 'https://example.com/a.pdf', 'jobid://1', ASKS);

  it('passes where it is right', () => {
    expect(failed(rows())).toEqual([]);
  });

  it.each<[string, Partial<Provider>, string]>([
    ['a word in capitals', { statuses: { Done: 'completed', failed: 'failed' } }, 'statuses'],
    ['no word for a failure', { statuses: { done: 'completed' } }, 'statuses'],
    ['no parse', { operations: ['extract'] }, 'operations'],
    ['a submit that outlasts its heartbeat', { submitTimeoutMs: 60_000 }, 'submitTimeoutMs'],
    ['no retention', { retentionMs: () => 0 }, 'retentionMs'],
    ['no expectation', { expectedMs: () => NaN }, 'expectedMs'],
    ['every path a reference', { isReference: () => true }, 'isReference'],
    ['everything let through', { check: () => null }, "check: another vendor's reference"],
    ['a refusal without words', { check: () => ({ field: '', reason: '' }) }, 'check: no sections'],
    ['a right request refused', { check: () => ({ field: 'input', reason: 'no' }) }, 'check: the request of the cases'],
  ])('catches %s', (_what, spoiled, situation) => {
    expect(failed(rows(spoiled))).toContain(situation);
  });

  it('holds the time that a list takes to settle against a provider without one', () => {
    const bare = { ...provider };
    delete bare.findJob;
    expect(failed(checkDeclared(bare, 'https://example.com/a.pdf', 'jobid://1', ASKS))).toContain('listSettleMs');
  });
});

describe('what its calls answer', () => {
  async function rows(spoiled: Partial<Provider> = {}): Promise<ConformanceRow[]> {
    const vendor = sandboxVendor(sandbox, 'reducto', {
      document: documents.url('invoice-packet.pdf'),
      wrongKey: { ...reducto({ ...sandbox.reducto, apiKey: 'wrong' }), ...spoiled },
    });
    const all: ConformanceRow[] = [];
    for await (const row of checkCalls({ ...provider, ...spoiled }, vendor, {
      currentTimeMs: async () => Date.now(),
    })) {
      all.push(row);
    }
    return all;
  }

  it('passes where they are right', async () => {
    expect(failed(await rows())).toEqual([]);
  });

  it.each<[string, () => Partial<Provider>, string[]]>([
    ['a probe that looks at nothing', () => ({ probe: async () => undefined }), ['probe: wrong key']],
    [
      'an error of its own making',
      () => ({
        probe: async () => {
          throw new TypeError('oops');
        },
      }),
      ['probe', 'probe: wrong key'],
    ],
    [
      'an abort that is wrapped',
      () => ({
        get: (...args) =>
          provider.get(...args).catch(() => {
            throw new VendorError({ kind: 'unreachable', endpoint: 'GET', reason: 'aborted', sent: true });
          }),
      }),
      ['get: aborted call'],
    ],
    [
      'a cancel that is always sure',
      () => ({ cancel: async () => true }),
      ['get, cancel: unknown job', 'cancel: twice', 'findJob'],
    ],
    [
      'words that are not those that it declares',
      () => ({ statuses: { ...provider.statuses, idle: 'running' } }),
      ['get: declared words'],
    ],
    ['a look that takes any job', () => ({ findJob: async () => ({ jobId: 'any' }) }), ['findJob']],
    ['a look that finds dead jobs', () => ({ findJob: findsDead(provider) }), ['findJob']],
  ])('catches %s', async (_what, spoil, situations) => {
    expect(failed(await rows(spoil()))).toEqual(situations);
  });
});

/** Remembers what it has found, and finds it for ever. */
function findsDead(inner: Provider): NonNullable<Provider['findJob']> {
  const found = new Map<string, Awaited<ReturnType<NonNullable<Provider['findJob']>>>>();
  return async (wanted, context) => {
    const [marker] = wanted.markers;
    const earlier = found.get(marker);
    if (earlier !== undefined) return earlier;
    const job = (await inner.findJob?.(wanted, context)) ?? null;
    if (job !== null) found.set(marker, job);
    return job;
  };
}

it('asks for an environment whose time can be skipped', async () => {
  const env = { supportsTimeSkipping: false } as Parameters<typeof checkConformance>[0]['env'];
  const vendor = sandboxVendor(sandbox, 'reducto', { document: documents.url('invoice-packet.pdf') });
  await expect(checkConformance({ env, provider, vendor })).rejects.toThrow(/createTimeSkipping/);
});

it('checks nothing that a request does not have', () => {
  const check = (request: OperationRequest) =>
    request.operation === 'parse' ? null : { field: 'operation', reason: 'no' };
  const rows = checkDeclared({ ...provider, operations: ['parse'], check }, 'https://example.com/a.pdf', '', {});
  expect(rows.filter((row) => row.operation === 'split').map((row) => row.situation)).toEqual([
    'check: an operation that it has not',
  ]);
});
