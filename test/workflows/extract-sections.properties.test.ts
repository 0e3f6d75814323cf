import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { SectionValue } from '../../src/jobs/types.js';
import type { SplitDocument } from '../../src/workflows/documents.js';
import { extractSections } from '../../src/workflows/extract-sections.js';
import { documentFailure } from '../../src/workflows/failure.js';
import { word } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const stored = { key: 'k', size: 1, sha256: 'a', contentType: 'x' };
const usage = { pages: null, credits: null };
const about = { provider: 'p', account: 'a' };
const section = fc.record({
  name: word,
  pages: fc.subarray([1, 2, 3]),
  /** What the vendor's one job says of it. */
  answer: fc.constantFrom('value', 'problem', 'left out'),
});
const sections = fc.uniqueArray(section, { maxLength: 3, selector: ({ name }) => name });
type Sections = typeof sections extends fc.Arbitrary<infer S> ? S : never;

async function extract(given: Sections, onFailure: 'keep' | 'cancel', isWholeFailure: boolean) {
  const split = {
    jobId: 's',
    stored,
    reference: 'split-1',
    sections: given.map(({ name, pages }) => ({ name, pages })),
  };
  const asked: string[][] = [];
  const values = given.flatMap(({ name, answer }): SectionValue[] => {
    if (answer === 'left out') return [];
    return [answer === 'value' ? { name, data: `of ${name}` } : { name, problem: 'unreadable' }];
  });
  const bySplit = async (_reference: string, names: string[]) => {
    asked.push(names);
    const details = { ...about, operation: 'extract' as const, jobId: 'j' };
    if (isWholeFailure) throw documentFailure('DocumentJobLost', 'lost', details);
    return { jobId: 'j', result: { kind: 'extract' as const, sectionValues: values, usage, stored } };
  };
  const byPages = () => Promise.reject(new Error('there is a reference'));
  const extracted = extractSections(split as SplitDocument, { bySplit, byPages, onFailure, about });
  return { asked, end: await extracted.catch((error: unknown) => error as Error) };
}

describe('extractSections', () => {
  it('gives every section in its order, with a value or a failure exactly where it has pages', async () => {
    await fc.assert(
      fc.asyncProperty(sections, fc.boolean(), async (given, isWholeFailure) => {
        const { end, asked } = await extract(given, 'keep', isWholeFailure);
        const found = given.filter(({ pages }) => pages.length > 0).map(({ name }) => name);
        expect(asked).toEqual(found.length === 0 ? [] : [found]);
        const expected = given.map(({ name, pages, answer }) => {
          const isGood = answer === 'value' && !isWholeFailure;
          const failure = { type: isWholeFailure ? 'DocumentJobLost' : 'DocumentSectionFailed', jobId: 'j' };
          const ended = isGood ? { extract: { data: `of ${name}`, jobId: 'j' } } : { failure };
          return { name, pages, ...(pages.length > 0 ? ended : {}) };
        });
        expect(end).toMatchObject(expected);
        expect(end).toHaveLength(given.length);
      }),
      RUNS,
    );
  });

  it('fails with the first section that failed where one failure is to end all', async () => {
    await fc.assert(
      fc.asyncProperty(sections, async (given) => {
        const { end } = await extract(given, 'cancel', false);
        const first = given.find(({ pages, answer }) => pages.length > 0 && answer !== 'value');
        if (first === undefined) expect(end).toHaveLength(given.length);
        else
          expect(end).toMatchObject({ type: 'DocumentSectionFailed', details: [{ section: first.name, jobId: 'j' }] });
      }),
      RUNS,
    );
  });
});
