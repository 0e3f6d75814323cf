import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { JobStatus } from '../../src/jobs/types.js';
import { STATUSES as PULSE } from '../../src/providers/pulse/statuses.js';
import { STATUSES as REDUCTO } from '../../src/providers/reducto/statuses.js';
import { statusOf } from '../../src/providers/status-of.js';
import { expect, RUNS } from '../support/properties.js';

const statuses = fc.constantFrom(PULSE, REDUCTO);
const known = fc.constantFrom(...Object.keys(PULSE), ...Object.keys(REDUCTO));
const inherited = fc.constantFrom(
  'constructor',
  'toString',
  'hasOwnProperty',
  '__proto__',
  'valueOf',
  '__defineGetter__',
);
/** Each letter as it is or the other way. */
const cased = (text: string) =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) => [...text].map((letter, index) => (upper[index] ? letter.toUpperCase() : letter)).join(''));

describe('statusOf', () => {
  it('knows the vendor’s words in any case, and takes every other for a job that runs', () => {
    const word = fc.oneof(known.chain(cased), inherited, fc.string({ maxLength: 12 }));
    fc.assert(
      fc.property(statuses, word, (of, text) => {
        const entry = Object.entries(of).find(([name]) => name === text.toLowerCase());
        expect(statusOf(of, text)).toBe(entry?.[1] ?? 'running');
      }),
      RUNS,
    );
  });

  it('ends a job for a whole word only, never for a part of one', () => {
    const final: JobStatus[] = ['completed', 'failed', 'cancelled', 'expired'];
    const scrap = fc.constantFrom('un', 'in', ' ', '_', '-', '1', 'partially ', '\n');
    fc.assert(
      fc.property(statuses, known, scrap, fc.boolean(), (of, word, more, isBefore) => {
        const text = isBefore ? `${more}${word}` : `${word}${more}`;
        if (!Object.hasOwn(of, text)) expect(final).not.toContain(statusOf(of, text));
      }),
      RUNS,
    );
  });
});
