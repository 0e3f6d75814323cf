import { expect, it } from 'vitest';
import { findJob } from '../../../src/providers/reducto/find-job.js';
import { JobList } from '../../../src/providers/reducto/schemas.js';
import { VendorError } from '../../../src/providers/vendor-error.js';

const SINCE = '2026-11-24T10:00:00.000Z';
const MARKER = 'a1b2c3';
const config = JSON.stringify({ input: 'https://h/a', async: { metadata: { documentJobs: { marker: MARKER } } } });

const job = (job_id: string, over: object = {}) => ({
  job_id,
  status: 'Pending',
  type: 'Parse',
  created_at: '2026-11-24T10:00:05Z',
  raw_config: '{"input":"https://h/b","async":{"metadata":{"mine":1}}}',
  ...over,
});
const ours = (job_id: string, over: object = {}) => job(job_id, { raw_config: config, ...over });

/** Looks through these pages; the last one ends the list unless `endless`. */
async function look(pages: object[][], endless = false) {
  const cursors: (string | undefined)[] = [];
  const found = await findJob({
    marker: MARKER,
    operation: 'parse',
    since: SINCE,
    readPage: async (cursor) => {
      cursors.push(cursor);
      const index = Number(cursor ?? 0);
      const next = endless || index + 1 < pages.length ? String(index + 1) : null;
      return JobList.parse({ jobs: pages[endless ? 0 : index], next_cursor: next });
    },
  });
  return { found, cursors };
}

it.each([
  ['on the first page', [[job('a'), ours('x')], [job('b')]], { jobId: 'x' }, 2],
  ['on the second page', [[job('a')], [ours('x')]], { jobId: 'x' }, 2],
  ['behind an empty page', [[], [ours('x')]], { jobId: 'x' }, 2],
  ['whatever its type is called', [[ours('x', { type: 'ParseV4' })]], { jobId: 'x' }, 1],
  ['without a type', [[ours('x', { type: null })]], { jobId: 'x' }, 1],
  ['finished already', [[ours('x', { status: 'Completed' })]], { jobId: 'x' }, 1],
  ['within the clocks’ skew', [[ours('x', { created_at: '2026-11-24T09:59:30Z' })]], { jobId: 'x' }, 1],
  ['dated without a zone', [[ours('x', { created_at: '2026-11-24T10:00:05.123456' })]], { jobId: 'x' }, 1],
  ['dated in another zone', [[ours('x', { created_at: '2026-11-24T11:00:05+01:00' })]], { jobId: 'x' }, 1],
  ['without a date', [[ours('x', { created_at: null })]], { jobId: 'x' }, 1],
  ['with an unreadable date', [[ours('x', { created_at: 'just now' })]], { jobId: 'x' }, 1],
  ['beside an older page’s end', [[job('old', { created_at: '2026-11-23T00:00:00Z' }), ours('x')]], { jobId: 'x' }, 1],
  [
    'listed twice, because the list shifted',
    [
      [job('a'), ours('x')],
      [ours('x'), job('b')],
    ],
    { jobId: 'x' },
    2,
  ],
  ['in a configuration that is no text', [[ours('x', { raw_config: { body: { note: MARKER } } })]], { jobId: 'x' }, 1],
  ['beside its dead predecessor', [[ours('y', { status: 'Failed' }), ours('x')]], { jobId: 'x' }, 1],
])('finds the job %s', async (_what, pages, found, reads) => {
  const seen = await look(pages);
  expect(seen.found).toEqual(found);
  expect(seen.cursors).toEqual([undefined, '1'].slice(0, reads));
});

it.each([
  ['an empty list', [[]], null],
  ['others’ jobs only', [[job('a')], [job('b')]], null],
  ['a failed job', [[ours('x', { status: 'Failed' })]], null],
  ['a cancelled job', [[ours('x', { status: 'Cancelled' })]], null],
  ['an older job', [[ours('x', { created_at: '2026-11-24T09:00:00' })]], null],
  ['no configurations', [[job('a', { raw_config: '' }), job('b', { raw_config: null })]], 'unsupported'],
  [
    'configurations that leave the metadata out',
    [[job('a', { raw_config: '{"input":"https://h/b"}' })]],
    'unsupported',
  ],
  ['some configurations', [[job('a', { raw_config: '' }), job('b')]], 'unsupported'],
  ['a configuration that is no JSON', [[job('a', { raw_config: 'input=x' })]], 'unsupported'],
  [
    'no metadata but a field of that name in somebody’s schema',
    [[job('a', { raw_config: '{"instructions":{"schema":{"properties":{"metadata":{"type":"string"}}}}}' })]],
    'unsupported',
  ],
  [
    'jobs without metadata, where others show theirs',
    [[job('a', { raw_config: '{}' }), job('b', { type: 'Split' })]],
    null,
  ],
  [
    'metadata of an edit, in its webhook',
    [[job('a', { raw_config: '{"webhook":{"mode":"disabled","metadata":{"mine":1}}}' })]],
    null,
  ],
  ['unreadable jobs of another type', [[job('a', { type: 'Split', raw_config: null })]], null],
  ['unreadable older jobs', [[job('a', { created_at: '2026-11-23T00:00:00Z', raw_config: null })]], null],
])('%s → %s', async (_what, pages, found) => {
  expect((await look(pages)).found).toBe(found);
});

it('stops at the first page that is older throughout', async () => {
  const old = job('old', { created_at: '2026-11-23T00:00:00Z' });
  const { found, cursors } = await look([[job('a'), old], [old, old], [ours('x')]]);
  expect(found).toBeNull();
  expect(cursors).toHaveLength(2);
});

it.each([
  ['jobs like ours', job('a')],
  ['jobs of another type', job('a', { type: 'Split' })],
])('calls it unsupported, not absent, when the list of %s is longer than it reads', async (_what, listed) => {
  const { found, cursors } = await look([[listed]], true);
  expect(found).toBe('unsupported');
  expect(cursors).toHaveLength(20);
});

it.each([
  ['on one page', [[ours('x'), ours('y')]]],
  ['on two', [[ours('x')], [ours('y', { status: 'Completed' })]]],
])('refuses to choose between two %s', async (_what, pages) => {
  const error: unknown = await look(pages).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(VendorError);
  expect((error as VendorError).facts).toMatchObject({
    kind: 'ambiguous',
    reason: expect.stringMatching(/x, y/) as string,
  });
});
