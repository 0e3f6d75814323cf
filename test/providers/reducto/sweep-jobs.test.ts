import { expect, it } from 'vitest';
import type { JobList } from '../../../src/providers/reducto/schemas.js';
import { createSweeps } from '../../../src/providers/reducto/sweep-jobs.js';

/** A list whose pages are answered one by one. */
function slowList() {
  const asked: { cursor: string | undefined; answer: (page: JobList) => void; fail: (error: Error) => void }[] = [];
  const sweep = createSweeps((cursor) => new Promise<JobList>((answer, fail) => asked.push({ cursor, answer, fail })));
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { asked, sweep, turn };
}
const page = (id: string): JobList => ({ jobs: [{ job_id: id }], next_cursor: null });

it('answers all that wait with one sweep, and who comes later with the next', async () => {
  const { asked, sweep, turn } = slowList();
  const first = sweep(1_000);
  await turn();
  expect(asked).toHaveLength(1);
  const later = [sweep(2_000), sweep(500), sweep(3_000)];
  await turn();
  expect(asked).toHaveLength(1);
  asked[0]?.answer(page('a'));
  expect((await first).listed).toMatchObject([{ job_id: 'a' }]);
  await turn();
  expect(asked).toHaveLength(2);
  asked[1]?.answer(page('b'));
  for (const { listed } of await Promise.all(later)) expect(listed).toMatchObject([{ job_id: 'b' }]);
});

it('sweeps back as far as any of them wants', async () => {
  const seen: (string | undefined)[] = [];
  const ages = ['2026-11-24T10:00:00Z', '2026-11-24T09:00:00Z', '2026-11-24T08:00:00Z', '2026-11-24T07:00:00Z'];
  const sweep = createSweeps(async (cursor) => {
    seen.push(cursor);
    const index = Number(cursor ?? 0);
    return { jobs: [{ job_id: `j${index}`, created_at: ages[index] }], next_cursor: String(index + 1) };
  });
  const swept = await Promise.all([
    sweep(Date.parse('2026-11-24T09:30:00Z')),
    sweep(Date.parse('2026-11-24T07:30:00Z')),
  ]);
  expect(swept.map(({ isWhole, listed }) => [isWhole, listed.length])).toEqual([
    [true, 4],
    [true, 4],
  ]);
  expect(seen).toEqual([undefined, '1', '2', '3']);
});

it('goes on after a sweep that failed', async () => {
  const { asked, sweep, turn } = slowList();
  const first = sweep(0);
  const second = sweep(0);
  await turn();
  asked[0]?.fail(new Error('down'));
  await expect(first).rejects.toThrow('down');
  await expect(second).rejects.toThrow('down');
  const third = sweep(0);
  await turn();
  asked[1]?.answer(page('c'));
  expect((await third).isWhole).toBe(true);
});
