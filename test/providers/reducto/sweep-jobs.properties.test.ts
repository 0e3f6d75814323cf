import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { ListedJob } from '../../../src/providers/reducto/schemas.js';
import { createSweeps, type ReadPage } from '../../../src/providers/reducto/sweep-jobs.js';
import { expect, RUNS } from '../../support/properties.js';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const HOUR = 3_600_000;
const job = (number: number, ageMs: number | null): ListedJob => ({
  job_id: `j${number}`,
  created_at: ageMs === null ? null : new Date(NOW - ageMs).toISOString(),
});

/** A list, newest first, of which others see pages; between two pages new jobs may come to its head. */
const list = fc.record({
  ages: fc.array(fc.nat(3 * HOUR), { maxLength: 40 }).map((ages) => ages.sort((a, b) => a - b)),
  isDated: fc.boolean(),
  pageSize: fc.integer({ min: 1, max: 8 }),
  arrivals: fc.array(fc.nat(2), { maxLength: 5 }),
});
type List = typeof list extends fc.Arbitrary<infer L> ? L : never;

function served({ ages, isDated, pageSize, arrivals }: List) {
  const jobs = ages.map((age, index) => job(index, isDated || index % 3 > 0 ? age : null));
  let reads = 0;
  const readPage: ReadPage = async (cursor) => {
    const from = Number(cursor ?? 0);
    const page = jobs.slice(from, from + pageSize);
    const next = from + pageSize < jobs.length ? String(from + pageSize) : null;
    const arrived = arrivals[reads++] ?? 0;
    jobs.unshift(...Array.from({ length: arrived }, (_, index) => job(1_000 * reads + index, 0)));
    return { jobs: page, next_cursor: next };
  };
  return { jobs, readPage, reads: () => reads };
}

describe('a sweep', () => {
  it('has every job since the time asked for, each once, or says that it is not whole', async () => {
    await fc.assert(
      fc.asyncProperty(list, fc.nat(3 * HOUR), async (given, backMs) => {
        const { jobs, readPage, reads } = served(given);
        const before = jobs.map(({ job_id }) => job_id);
        const { listed, isWhole } = await createSweeps(readPage)(NOW - backMs);
        const ids = new Set(listed.map(({ job_id }) => job_id));
        expect(ids.size).toBe(listed.length);
        const missing = given.ages.filter((age, index) => age <= backMs && !ids.has(before[index] ?? ''));
        if (isWhole) expect(missing).toEqual([]);
        else expect(reads()).toBe(20);
      }),
      RUNS,
    );
  });

  it('shows whoever asks what is listed by then, also to one who asks for less or during another sweep', async () => {
    await fc.assert(
      fc.asyncProperty(list, fc.nat(3), fc.nat(HOUR), fc.nat(HOUR), async (given, ticks, first, second) => {
        const { jobs, readPage } = served({ ...given, arrivals: [] });
        const sweep = createSweeps(readPage);
        const one = sweep(NOW - first);
        for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
        jobs.unshift(job(5_000, 0));
        const [early, late] = await Promise.all([one, sweep(NOW - second)]);
        expect(late.listed.some(({ job_id }) => job_id === 'j5000')).toBe(true);
        const asked = given.ages.filter((age) => age <= first).length;
        if (early.isWhole) expect(early.listed.length).toBeGreaterThanOrEqual(asked);
      }),
      RUNS,
    );
  });
});
