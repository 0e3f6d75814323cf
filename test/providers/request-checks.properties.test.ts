import fc from 'fast-check';
import { describe, it } from 'vitest';
import { isJsonObject } from '../../src/jobs/json.js';
import { checkPageNumbers, checkSectionList } from '../../src/providers/request-checks.js';
import { json, word } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const page = fc.oneof(fc.integer({ min: -2, max: 9 }), fc.constantFrom(1.5, NaN, Infinity, '3', null, undefined, [1]));
const isPage = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;

describe('checkPageNumbers', () => {
  it('takes lists of whole numbers from 1 and nothing else', () => {
    fc.assert(
      fc.property(fc.array(page, { maxLength: 3 }), (pages) => {
        const isGood = pages.length > 0 && pages.every(isPage);
        expect(checkPageNumbers(pages as number[]) === null).toBe(isGood);
      }),
      RUNS,
    );
  });

  it('takes ranges that have a page in them, and no other shape', () => {
    fc.assert(
      fc.property(page, page, json, (start, end, other) => {
        const given = [start, end].filter((one) => one !== null && one !== undefined);
        const isGood = given.every(isPage) && ((start ?? 1) as number) <= ((end ?? start ?? 1) as number);
        expect(checkPageNumbers({ start, end } as never) === null).toBe(isGood);
        if (!isJsonObject(other) && !Array.isArray(other)) {
          expect(checkPageNumbers(other as never)?.field).toBe('pages');
        }
      }),
      RUNS,
    );
  });
});

describe('checkSectionList', () => {
  const section = fc.record({ name: word, description: word });

  it('takes any list of sections with names of their own', () => {
    fc.assert(
      fc.property(fc.array(section, { maxLength: 5 }), (sections) => {
        const names = new Set(sections.map(({ name }) => name));
        const isGood = sections.length > 0 && names.size === sections.length;
        expect(checkSectionList(sections) === null).toBe(isGood);
      }),
      RUNS,
    );
  });

  it('names the first section that is none', () => {
    const bad = fc.oneof(
      json.filter((value) => !isJsonObject(value)),
      section.map(({ name }) => ({ name, description: ' ' })),
      section.map(({ description }) => ({ name: '', description })),
    );
    fc.assert(
      fc.property(fc.array(section, { maxLength: 3 }), bad, fc.array(fc.oneof(section, bad)), (good, wrong, more) => {
        const problem = checkSectionList([...good, wrong, ...more] as never);
        expect(problem?.field).toBe(`sections.${good.length}`);
      }),
      RUNS,
    );
  });
});
