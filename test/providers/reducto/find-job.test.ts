import { describe, expect, it } from 'vitest';
import { createAcceptedJobs } from '../../../src/providers/reducto/accepted-jobs.js';
import { findJob, type FindJob } from '../../../src/providers/reducto/find-job.js';
import { JobList } from '../../../src/providers/reducto/schemas.js';
import { createSweeps } from '../../../src/providers/reducto/sweep-jobs.js';
import { VendorError } from '../../../src/providers/vendor-error.js';
import { wanted } from './wanted.js';

const SINCE = '2026-11-24T10:00:00.000Z';
const MARKER = 'a1b2c3';
const BODY = { input: 'https://h/a', settings: { model: 'r-1' } };
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
async function look(pages: object[][], endless = false, over: Partial<FindJob> = {}) {
  const cursors: (string | undefined)[] = [];
  const sweep = createSweeps(async (cursor) => {
    cursors.push(cursor);
    const index = Number(cursor ?? 0);
    const next = endless || index + 1 < pages.length ? String(index + 1) : null;
    return JobList.parse({ jobs: pages[endless ? 0 : index], next_cursor: next });
  });
  const found = findJob({
    wanted: wanted('parse', SINCE, { markers: [MARKER] }),
    body: BODY,
    sweep: await sweep(Date.parse(SINCE)),
    listShows: 'learn',
    accepted: createAcceptedJobs(),
    ...over,
  });
  return { found, cursors };
}

it.each([
  ['on the first page', [[job('a'), ours('x')], [job('b')]], { jobId: 'x', marker: MARKER }, 2],
  ['on the second page', [[job('a')], [ours('x')]], { jobId: 'x', marker: MARKER }, 2],
  ['behind an empty page', [[], [ours('x')]], { jobId: 'x', marker: MARKER }, 2],
  ['whatever its type is called', [[ours('x', { type: 'ParseV4' })]], { jobId: 'x', marker: MARKER }, 1],
  ['without a type', [[ours('x', { type: null })]], { jobId: 'x', marker: MARKER }, 1],
  ['finished already', [[ours('x', { status: 'Completed' })]], { jobId: 'x', marker: MARKER }, 1],
  ['within the clocks’ skew', [[ours('x', { created_at: '2026-11-24T09:59:30Z' })]], { jobId: 'x', marker: MARKER }, 1],
  [
    'dated without a zone',
    [[ours('x', { created_at: '2026-11-24T10:00:05.123456' })]],
    { jobId: 'x', marker: MARKER },
    1,
  ],
  [
    'dated in another zone',
    [[ours('x', { created_at: '2026-11-24T11:00:05+01:00' })]],
    { jobId: 'x', marker: MARKER },
    1,
  ],
  ['without a date', [[ours('x', { created_at: null })]], { jobId: 'x', marker: MARKER }, 1],
  ['with an unreadable date', [[ours('x', { created_at: 'just now' })]], { jobId: 'x', marker: MARKER }, 1],
  [
    'beside an older page’s end',
    [[job('old', { created_at: '2026-11-23T00:00:00Z' }), ours('x')]],
    { jobId: 'x', marker: MARKER },
    1,
  ],
  [
    'listed twice, because the list shifted',
    [
      [job('a'), ours('x')],
      [ours('x'), job('b')],
    ],
    { jobId: 'x', marker: MARKER },
    2,
  ],
  [
    'in a configuration that is no text',
    [[ours('x', { raw_config: { body: { note: MARKER } } })]],
    { jobId: 'x', marker: MARKER },
    1,
  ],
  ['beside its dead predecessor', [[ours('y', { status: 'Failed' }), ours('x')]], { jobId: 'x', marker: MARKER }, 1],
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

it('finds the job of a resubmit that an earlier life of the workflow got to', async () => {
  const pages = [[ours('old', { status: 'Failed' }), job('x', { raw_config: config.replace(MARKER, 'd4e5f6') })]];
  const later = { wanted: wanted('parse', SINCE, { markers: [MARKER, 'd4e5f6'], earlierLife: true }) };
  expect((await look(pages, false, later)).found).toEqual({ jobId: 'x', marker: 'd4e5f6' });
});

describe('a list that shows no metadata', () => {
  const shown = (over: object = {}) => JSON.stringify({ ...BODY, retrieval: null, ...over });
  const bare = (job_id: string, over: object = {}, more: object = {}) =>
    job(job_id, { raw_config: shown(over), ...more });
  /** The list shows a job that this process has submitted, with the body that was sent. */
  const learned = () => {
    const accepted = createAcceptedJobs();
    accepted.add('known', 'other-marker', { input: 'https://h/known', settings: { model: 'r-1' } });
    return { accepted };
  };
  const known = bare('known', { input: 'https://h/known' });

  it.each([
    ['nothing that could be ours', [[job('a', { type: 'Split' })]], null],
    ['a job of the same input and configuration', [[known, bare('x')]], { jobId: 'x' }],
    ['the vendor’s defaults beside what was sent', [[known, bare('x', { queue_priority: 'auto' })]], { jobId: 'x' }],
    ['other inputs only', [[known, bare('a', { input: 'https://h/b' })]], null],
    ['a failed one', [[known, bare('x', {}, { status: 'Failed' })]], null],
    ['an older one', [[known, bare('x', {}, { created_at: '2026-11-24T09:00:00' })]], null],
    ['the same input in another configuration', [[known, bare('x', { settings: { model: 'r-2' } })]], 'unsupported'],
    ['a job without its input', [[known, job('x', { raw_config: '{"settings":{}}' })]], 'unsupported'],
    ['a job without its configuration', [[known, job('x', { raw_config: '' })]], 'unsupported'],
  ])('once it is seen to show what was sent: %s → %j', async (_what, pages, found) => {
    expect((await look(pages, false, learned())).found).toEqual(found);
  });

  it.each([
    ['not seen to show what was sent', {}, 'unsupported'],
    ['said to show nothing', { ...learned(), listShows: 'nothing' as const }, 'unsupported'],
    ['said to show configurations', { listShows: 'config' as const }, { jobId: 'x' }],
    ['said to show metadata', { listShows: 'metadata' as const }, null],
  ])('%s', async (_what, over, found) => {
    expect((await look([[known, bare('x')]], false, over)).found).toEqual(found);
  });

  it('refuses to choose between two equal jobs', async () => {
    const two = look([[bare('x'), bare('y')]], false, { listShows: 'config' });
    await expect(two).rejects.toMatchObject({
      facts: { kind: 'ambiguous', reason: '2 jobs have the same input and configuration: x, y' },
    });
  });

  it('leaves out equal jobs that are known to be others', async () => {
    const accepted = createAcceptedJobs();
    accepted.add('theirs', 'other-marker', BODY);
    const others = { ...wanted('parse', SINCE, { markers: [MARKER] }), notThese: ['mine'] };
    const pages = [[bare('theirs'), bare('mine'), bare('x')]];
    expect((await look(pages, false, { accepted, wanted: others })).found).toEqual({ jobId: 'x' });
    expect((await look([pages[0]!.slice(0, 2)], false, { accepted, wanted: others })).found).toBeNull();
  });

  it('tells nothing of an earlier life, whose upload was another', async () => {
    const earlier = { wanted: wanted('parse', SINCE, { markers: [MARKER], earlierLife: true }) };
    for (const pages of [[[bare('x')]], [[bare('a', { input: 'https://h/b' })]]])
      expect((await look(pages, false, { ...earlier, listShows: 'config' })).found).toBe('unsupported');
  });
});
