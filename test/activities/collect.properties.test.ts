import fc from 'fast-check';
import { describe, it } from 'vitest';
import { collectResult } from '../../src/activities/collect.js';
import type { CollectOptions } from '../../src/jobs/activities.js';
import type { CollectedResult } from '../../src/jobs/types.js';
import { json, operation, word } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const stored = { key: 'k', size: 1, sha256: 'ab', contentType: 'application/json' };
const figure = fc.option(fc.nat(99));
const usage = fc.record({ pages: figure, credits: figure });
const text = fc.nat(300).map((length) => 'é'.repeat(length));
const sectionValues = fc.array(fc.record({ name: word, data: text, citations: text }), { maxLength: 3 });
const interpreted = fc.record(
  {
    usage,
    reference: word,
    pageCount: figure,
    data: fc.oneof(json, text),
    citations: fc.oneof(json, text),
    sections: fc.array(fc.record({ name: word, pages: fc.array(fc.nat(9)) }), { maxLength: 9 }),
    sectionValues,
    value: fc.oneof(json, text),
  },
  { requiredKeys: ['usage'] },
);
const results = fc.constantFrom<CollectOptions['results']>('inline', 'stored', 'auto');
const options = fc.record({ results, inlineLimit: fc.oneof(fc.constant(65_536), fc.nat(600)) });
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** What travels in history of a job's own words. */
function inlineOf({ kind: _kind, usage: _usage, stored: _stored, ...inline }: CollectedResult): object {
  return inline;
}

describe('collectResult', () => {
  it('lets no more travel than may, and fails for it only where the value was demanded', () => {
    fc.assert(
      fc.property(operation, interpreted, usage, options, (what, body, read, how) => {
        const job = { provider: 'p', account: 'a', operation: what, jobId: 'j' };
        try {
          const result = collectResult(job, { stored, interpreted: body }, read, how);
          const { reference: _short, ...inline } = inlineOf(result) as { reference?: string };
          if (what === 'parse') return;
          if (how.results === 'stored') expect(inline).toEqual({});
          // Nothing at all is smaller than the braces around it.
          else if (Object.keys(inline).length > 0) expect(bytesOf(inline)).toBeLessThanOrEqual(how.inlineLimit);
          expect(result.stored).toBe(stored);
        } catch (error) {
          expect([how.results, error]).toMatchObject(['inline', { type: 'DocumentResultTooLarge' }]);
        }
      }),
      RUNS,
    );
  });

  it('gives way with citations first, never with a value that fits', () => {
    const extract = fc.record({ usage, data: text, citations: text });
    fc.assert(
      fc.property(extract, fc.nat(900), (body, inlineLimit) => {
        const job = { provider: 'p', account: 'a', operation: 'extract' as const, jobId: 'j' };
        const how = { results: 'auto' as const, inlineLimit };
        const inline = inlineOf(collectResult(job, { stored, interpreted: body }, body.usage, how));
        const { data, citations } = body;
        const whole = { data, citations };
        const expected = bytesOf(whole) <= inlineLimit ? whole : bytesOf({ data }) <= inlineLimit ? { data } : {};
        expect(inline).toEqual(expected);
      }),
      RUNS,
    );
  });

  it('prefers the body’s figures to the status read’s, and loses neither', () => {
    fc.assert(
      fc.property(operation, interpreted, usage, (what, body, read) => {
        const job = { provider: 'p', account: 'a', operation: what, jobId: 'j' };
        const how = { results: 'stored' as const, inlineLimit: 0 };
        const result = collectResult(job, { stored, interpreted: body }, read, how);
        for (const name of ['pages', 'credits'] as const) {
          const known = [body.usage[name], read[name]].filter((one) => one !== null);
          expect(result.usage[name]).toBe(known[0] ?? null);
        }
      }),
      RUNS,
    );
  });
});
