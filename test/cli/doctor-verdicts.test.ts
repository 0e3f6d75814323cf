import { describe, expect, it } from 'vitest';
import { checkJson, checkText } from '../../src/cli/doctor/check-text.js';
import { exitOfChecks, fromError, ok, problem, skipped, unreachable, warning } from '../../src/cli/doctor/check.js';
import { type ClockReading, clockVerdict, skewOf } from '../../src/cli/doctor/clock.js';
import { documentsVerdict, type Stuck } from '../../src/cli/doctor/documents.js';
import { limited } from '../../src/cli/doctor/limited.js';
import { nodeVerdict } from '../../src/cli/doctor/node-version.js';
import { type StoreFacts, storeVerdict } from '../../src/cli/doctor/store.js';
import { temporalClockVerdict, workerVerdict } from '../../src/cli/doctor/worker.js';
import { unreachableError, usageError } from '../../src/cli/cli-error.js';

const MINUTE = 60_000;
const GB = 1024 ** 3;

it.each([
  ['20.19.0', 'ok'],
  ['20.20.2', 'ok'],
  ['22.1.0', 'ok'],
  ['20.18.9', 'problem'],
  ['20.9.0', 'problem'],
  ['18.20.4', 'problem'],
])('Node %s where 20.19 is wanted: %s', (version, status) => {
  expect(nodeVerdict(version, '>=20.19').status).toBe(status);
});

describe('a clock', () => {
  const reading = (ahead: number, tookMs = 100): ClockReading => ({
    sentAt: 1_000_000,
    answeredAt: 1_000_000 + tookMs,
    date: Math.floor((1_000_000 + ahead) / 1_000) * 1_000,
  });

  it.each<[number, number, number, number]>([
    [0, 100, 0, 0],
    [900, 100, 0, 0],
    // The header is cut to the second, and the reply may have been made at any time on its way.
    [3_000, 100, 2_900, 2_900],
    [3_000, 5_000, 0, 0],
    [-5_000, 100, -4_000, -4_000],
  ])('ahead by %i ms, seen in %i ms, is certainly ahead by %i', (ahead, tookMs, least, most) => {
    const skew = skewOf(reading(ahead, tookMs));
    expect(skew).toBeGreaterThanOrEqual(least);
    expect(skew).toBeLessThanOrEqual(most);
  });

  it.each<[number, string, RegExp]>([
    [0, 'ok', /^agrees with acme's$/],
    [59_000, 'ok', /agrees/],
    [2 * MINUTE, 'warning', /^2m behind acme's: signed URLs may be refused$/],
    [-2 * MINUTE, 'warning', /ahead of acme's/],
    [6 * MINUTE, 'problem', /behind acme's: signed URLs and webhooks are refused/],
    [-6 * MINUTE, 'problem', /ahead of acme's: signed URLs and webhooks are refused/],
  ])('vendor ahead by %i ms: %s', (ahead, status, says) => {
    const verdict = clockVerdict(reading(ahead), 'acme');
    expect(verdict.status).toBe(status);
    expect(verdict.says).toMatch(says);
    expect(verdict.mend === undefined).toBe(status === 'ok');
  });

  it('of nobody who answered is not judged', () => {
    expect(clockVerdict(null, 'acme').status).toBe('skipped');
  });
});

describe('workers', () => {
  const pollers = (workflows: number[], activities: number[], brought = false) => ({
    taskQueue: 'q',
    workflows,
    activities,
    brought,
  });

  it.each<[string, ReturnType<typeof pollers>, string, RegExp]>([
    ['none', pollers([], []), 'problem', /none asks for work on task queue q: documents wait there/],
    ['none, where commands bring theirs', pollers([], [], true), 'ok', /bring their own/],
    ['workflows only', pollers([10], []), 'problem', /none asks for activities/],
    ['activities only', pollers([], [10]), 'problem', /none asks for workflows/],
    ['one', pollers([4_000], [2_000]), 'ok', /^1 asks for work on task queue q, the last 4\.0s ago$/],
    ['two', pollers([4_000, 50_000], [2_000, 1_000]), 'ok', /^2 ask for work/],
    ['gone', pollers([4 * MINUTE], [2 * MINUTE]), 'warning', /the last one asked for work on task queue q 4m ago/],
    ['a clock that is behind', pollers([-9_000], [-9_000]), 'ok', /the last 0\.0s ago/],
  ])('%s', (_what, given, status, says) => {
    expect(workerVerdict(given)).toMatchObject({ status, says: expect.stringMatching(says) as string });
  });

  it.each<[string, number[], string | undefined, RegExp]>([
    ['none', [], undefined, /^$/],
    ['just now', [0, 30_000], 'ok', /agrees/],
    ['as long ago as a server remembers', [5 * MINUTE + 30_000], 'ok', /agrees/],
    ['in the future', [-2 * MINUTE, 5_000], 'warning', /2m behind Temporal's/],
    ['far in the future', [-10 * MINUTE], 'problem', /10m behind Temporal's/],
    ['longer ago than a server remembers', [8 * MINUTE], 'warning', /3m ahead of Temporal's/],
  ])('Temporal’s clock where the last poll was %s', (_what, ages, status, says) => {
    const verdict = temporalClockVerdict(pollers(ages, []));
    expect(verdict?.status).toBe(status);
    expect(verdict?.says ?? '').toMatch(says);
  });
});

it.each<[string, Partial<StoreFacts>, string, RegExp]>([
  ['fine', {}, 'ok', /^\/r can be written and read, 40 GB free$/],
  ['new', { exists: false }, 'ok', /is made with the first result/],
  ['nearly full', { freeBytes: 0.5 * GB }, 'warning', /512 MB free/],
  ['just enough', { freeBytes: GB }, 'ok', /1\.0 GB free/],
  ['no figure', { freeBytes: null }, 'ok', /^\/r can be written and read$/],
  ['leftovers', { abandoned: 2 }, 'ok', /2 unfinished copies of dead workers removed/],
  ['read-only', { trouble: 'the file system is read-only (EROFS)' }, 'problem', /can't be used \(.*EROFS\)/],
])('a store: %s', (_what, change, status, says) => {
  const facts: StoreFacts = { folder: '/r', exists: true, trouble: null, freeBytes: 40 * GB, abandoned: 0, ...change };
  expect(storeVerdict(facts)).toMatchObject({ status, says: expect.stringMatching(says) as string });
});

it.each<[string, number, Stuck[], string, RegExp]>([
  ['none', 0, [], 'ok', /^none runs$/],
  ['well', 4, [], 'ok', /^4 running, none is stuck$/],
  ['as many as are looked at', 50, [], 'ok', /^the last 50 running/],
  [
    'an activity',
    4,
    [{ workflowId: 'w', what: { activity: 'pollDocumentJob', failure: 'ResultStoreError' }, attempt: 9 }],
    'warning',
    /^1 of 4 running makes no headway: w \(pollDocumentJob, attempt 9: ResultStoreError\)$/,
  ],
  [
    'workflow code',
    50,
    ['a', 'b', 'c', 'd'].map((workflowId) => ({ workflowId, what: 'workflow' as const, attempt: 3 })),
    'problem',
    /^4 of the last 50 running make no headway: a \(workflow code, attempt 3\), b .*, c .* and 1 more$/,
  ],
])('running documents: %s', (_what, running, stuck, status, says) => {
  expect(documentsVerdict({ running, stuck })).toMatchObject({ status, says: expect.stringMatching(says) as string });
});

describe('what is said', () => {
  it('parts an error from its remedy', () => {
    expect(fromError(unreachableError('acme at a:1 refuses (HTTP 401): check ACME_API_KEY'))).toEqual(
      unreachable('acme at a:1 refuses (HTTP 401)', 'check ACME_API_KEY'),
    );
    expect(fromError(usageError('--namespace x: no such namespace'))).toEqual(
      problem('--namespace x: no such namespace'),
    );
  });

  it('is a line with a sign, and the remedy below', () => {
    expect(checkText({ name: 'a', ...ok('fine') }, 3)).toBe('✓ a    fine\n');
    expect(checkText({ name: 'a', ...warning('hm', 'do this') }, 3)).toBe('! a    hm\n       → do this\n');
    expect([problem('x'), skipped('x')].map((one) => checkText({ name: 'a', ...one }, 1)[0])).toEqual(['✗', '–']);
    expect(checkJson({ name: 'a', ...unreachable('x') })).toBe(
      '{"event":"check","name":"a","status":"problem","says":"x"}\n',
    );
  });

  it.each([
    [[ok('a'), warning('b'), skipped('c')], 0],
    [[ok('a'), problem('b')], 1],
    [[unreachable('a'), problem('b')], 4],
  ])('%j ends with exit code %i', (verdicts, code) => {
    expect(exitOfChecks(verdicts)).toBe(code);
  });

  it('comes in time whatever a check does', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    expect(await limited('a', never, unreachable('silent'), 20)).toEqual({ name: 'a', ...unreachable('silent') });
    const broken = async (): Promise<never> => {
      throw new Error('boom\nat line 3');
    };
    expect(await limited('a', broken)).toEqual({ name: 'a', ...warning('could not be looked at (boom)') });
  });
});
