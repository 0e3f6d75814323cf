import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { manifestOf, type ManifestFacts } from '../../src/client/manifest/manifest-of.js';
import { redactJson } from '../../src/client/manifest/redact-json.js';
import type { FootprintJob } from '../../src/histories/footprint.js';
import { jobReceipt, stored } from '../cli/fixtures.js';

const CANARY = 'c4n4ry-0123456789';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const job = (jobId: string, change: Partial<FootprintJob> = {}): FootprintJob => ({
  job: { provider: 'p', account: 'a', operation: 'parse', jobId },
  request: { operation: 'parse', input: 'up://1', options: { settings: { ocr: 'on' } }, pages: [1, 2] },
  origin: 'file:///in/a.pdf',
  model: 'm-1',
  submittedAt: '2026-11-24T09:00:00.000Z',
  endedAt: '2026-11-24T09:01:00.000Z',
  outcome: 'completed',
  usage: { pages: 1, credits: 2 },
  stored: stored('k'),
  ...change,
});

const facts = (jobs: FootprintJob[], over: Partial<ManifestFacts> = {}): ManifestFacts => ({
  footprint: {
    workflowId: 'w',
    runs: [{ runId: 'r', startedAt: '', closedAt: '' }],
    jobs,
    uploads: [
      { provider: 'p', account: 'a', source: 'file:///in/a.pdf', reference: 'up://1', uploaded: true, sha256: 'f00d' },
    ],
    unknownSubmits: 0,
    unended: 0,
    children: [],
  },
  receipt: null,
  library: { name: 'l', version: '1' },
  ...over,
});

describe('a manifest', () => {
  it('tells of each job what was asked, what came out and what was billed', () => {
    const repaired = jobReceipt({ jobId: 'j1', submits: 2, repair: true, stored: stored('k') });
    const lost = jobReceipt({ jobId: null, outcome: 'unknown', submittedAt: '2026-11-24T08:00:00.000Z' });
    const receipt = { jobs: [repaired, lost], pages: 16, credits: 16, submits: 3, reads: 6 };
    expect(manifestOf(facts([job('j1')], { receipt }))).toEqual({
      schemaVersion: 1,
      workflowId: 'w',
      runId: 'r',
      sources: [{ kind: 'file', sha256: 'f00d' }],
      jobs: [
        expect.objectContaining({
          jobId: null,
          provider: null,
          outcome: 'unknown',
          request: null,
          result: null,
        }) as object,
        {
          provider: 'p',
          account: 'a',
          operation: 'parse',
          jobId: 'j1',
          submittedAt: '2026-11-24T09:00:00.000Z',
          endedAt: repaired.endedAt,
          outcome: 'completed',
          request: { pages: [1, 2], options: { settings: { ocr: 'on' } } },
          model: 'm-1',
          pages: 8,
          credits: 8,
          submits: 2,
          adopted: false,
          resubmit: false,
          repair: true,
          result: { key: 'k', size: 2, sha256: '0'.repeat(64) },
        },
      ],
      receiptTotals: { pages: 16, credits: 16, submits: 3, reads: 6 },
      library: { name: 'l', version: '1' },
    });
  });

  it('goes by the histories alone where there is no receipt', () => {
    const { jobs, receiptTotals } = manifestOf(facts([job('j1', { stored: null, outcome: null, usage: null })]));
    expect(jobs).toMatchObject([{ jobId: 'j1', outcome: null, pages: null, credits: null, result: null }]);
    expect(receiptTotals).toBeNull();
  });

  it('is the same for the same facts, in whatever order they are told', () => {
    const [early, late] = [job('j2', { submittedAt: '2026-11-24T08:00:00.000Z' }), job('j1')];
    const schema = (a: object) => job('j1', { request: { operation: 'extract', input: 'x', schema: a as never } });
    expect(JSON.stringify(manifestOf(facts([early, late])))).toBe(JSON.stringify(manifestOf(facts([late, early]))));
    const hashOf = (a: object) => manifestOf(facts([schema(a)])).jobs[0]?.request?.schemaSha256;
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: 2 }));
  });

  it.each([
    ['https://x.example/a.pdf?X-Amz-Signature=1#p', { kind: 'url', urlSha256: sha256('https://x.example/a.pdf') }],
    ['https://me:pw@x.example/a.pdf', { kind: 'url', urlSha256: sha256('https://x.example/a.pdf') }],
    ['https://not a url?sig=1', { kind: 'url', urlSha256: sha256('https://not a url') }],
    ['up://known', { kind: 'reference', referenceSha256: sha256('up://known') }],
    ['file:///in/a.pdf', { kind: 'file', sha256: 'f00d' }],
  ])('names the source %s by a hash', (origin, source) => {
    expect(manifestOf(facts([job('j1', { origin }), job('j2', { origin })])).sources).toEqual([source]);
  });

  it('names each of several documents that were parsed as one', () => {
    const { sources } = manifestOf(facts([job('j1', { origin: 'file:///in/a.pdf\nup://b' })]));
    expect(sources.map(({ kind }) => kind)).toEqual(['file', 'reference']);
  });

  it('holds no secret, however the options name or wrap it', () => {
    const options = {
      document_password: CANARY,
      nested: [{ api_key: CANARY, token: { value: [CANARY], depth: 3, on: true, none: null } }],
      webhook: `https://hooks.example/x?token=${CANARY}`,
      header: `Authorization: Bearer ${CANARY}`,
      file: `https://u:${CANARY}@x.example/`,
      long: `${'word '.repeat(100)} password=${CANARY}`,
      safe: 'kept',
    };
    const manifest = manifestOf(
      facts([job('j1', { request: { operation: 'parse', input: `https://x/?sig=${CANARY}`, options } })]),
    );
    const text = JSON.stringify(manifest);
    expect(text).not.toContain(CANARY);
    expect(text).toContain('"safe":"kept"');
    // The document's name and place are nobody's business either.
    expect(text).not.toContain('file:///in');
  });
});

describe('options in a manifest', () => {
  it('keep what they are, and tell long texts apart', () => {
    const plain = { a: 1, b: true, c: null, d: ['x', { e: 'y' }] };
    expect(redactJson(plain)).toEqual(plain);
    const [one, two] = ['first', 'second'].map((end) => redactJson(`${'a word '.repeat(60)}${end}`) as string);
    expect(one).toMatch(/^a word .*… \[sha256 [0-9a-f]{64}\]$/);
    expect(one).not.toBe(two);
  });
});
