import type { Info } from '@temporalio/activity';
import { describe, expect, it, vi } from 'vitest';
import type { DocumentActivitiesOptions } from '../../src/activities/index.js';
import { allowedRoots } from '../../src/activities/index.js';
import type { SubmitInput, SubmitOutput } from '../../src/jobs/activities.js';
import { activityRun, failureOf, type ActivityRun } from '../support/activity-run.js';
import { fakeProvider, type FakeProvider, type FakeScript, vendorError } from '../support/fake-provider.js';

const input = (over: Partial<SubmitInput> = {}): SubmitInput => ({
  provider: 'fake',
  account: 'fake',
  request: { operation: 'parse', input: 'https://x/a.pdf' },
  marker: { firstExecutionRunId: 'run', origin: 'a', ordinal: 0, resubmit: 0 },
  lookFirst: 'no' as const,
  since: '2026-11-24T09:59:00.000Z',
  ...over,
});

interface Tried extends ActivityRun {
  provider: FakeProvider;
  submit: (over?: Partial<SubmitInput>, info?: Partial<Info>) => Promise<SubmitOutput>;
}

function given(script: FakeScript, options: Partial<DocumentActivitiesOptions> = {}): Tried {
  const provider = fakeProvider(script);
  const run = activityRun(provider, options);
  const submit: Tried['submit'] = (over, info) =>
    run.run(() => run.activities.submitDocumentJob(input(over)), { heartbeatTimeoutMs: 45_000, ...info });
  return { ...run, provider, submit };
}

describe('a first submit', () => {
  it('is one POST, no look, and one heartbeat: the job id', async () => {
    const { provider, submit, beats } = given({});
    expect(await submit()).toEqual({
      outcome: 'accepted',
      jobId: 'job-1',
      adopted: false,
      posts: 1,
      expectedMs: 60_000,
      retentionMs: 12 * 3_600_000,
      at: '2026-11-24T10:00:00.000Z',
    });
    expect(provider.calls.map((call) => call.method)).toEqual(['submit']);
    expect(beats).toEqual([{ jobId: 'job-1', adopted: false, posts: 1 }]);
  });

  it('heartbeats the job id, then lets the event loop turn before it returns', async () => {
    const { submit, beats } = given({});
    let beatsAtTurn = -1;
    const result = submit();
    setImmediate(() => (beatsAtTurn = beats.length));
    await result;
    expect(beatsAtTurn).toBe(1);
  });

  it('gives the vendor no signal: a cancelled POST would lose the id of a paid job', async () => {
    const { provider, submit } = given({});
    await submit();
    expect(provider.calls[0]?.args[2]).toEqual({});
  });

  it('sends nothing that cannot succeed', async () => {
    const cases: [FakeScript, Partial<SubmitInput>, string][] = [
      [{ check: { field: 'options.x', reason: 'is set twice' } }, {}, 'options.x'],
      [{}, { request: { operation: 'edit', input: 'x' } }, 'operation'],
      [
        {},
        {
          request: {
            operation: 'extract',
            input: 'x',
            schema: { type: 'object', properties: { a: { $ref: '#/no' } } },
          },
        },
        'schema',
      ],
    ];
    for (const [script, over, field] of cases) {
      const { provider, submit } = given(script);
      expect(await failureOf(submit(over))).toMatchObject({ type: 'DocumentInputInvalid', details: { field } });
      expect(provider.count('submit')).toBe(0);
    }
  });

  it('needs an account of the named provider', async () => {
    const { provider, submit } = given({});
    expect(await failureOf(submit({ account: 'other' }))).toMatchObject({ type: 'DocumentAccountUnknown' });
    expect(await failureOf(submit({ provider: 'another' }))).toMatchObject({ type: 'DocumentAccountUnknown' });
    expect(await failureOf(submit({ account: 'toString' }))).toMatchObject({ type: 'DocumentAccountUnknown' });
    expect(provider.calls).toEqual([]);
  });
});

it('posts under a proxy of the user’s own, without a heartbeat time-out: the server reports that as 0', async () => {
  expect(await given({}).submit({}, { heartbeatTimeoutMs: 0 })).toMatchObject({ outcome: 'accepted', posts: 1 });
});

describe('a POST that was certainly not accepted is waited out', () => {
  it.each([
    ['429 with Retry-After', vendorError('rate_limited', { retryAfterMs: 7_000 }), 7_000, 7_000, 1],
    ['429 without', vendorError('rate_limited'), 2_000, 10_000, 1],
    ['never sent', vendorError('unreachable', { sent: false }), 2_000, 10_000, 0],
  ])('%s', async (_name, error, min, max, posts) => {
    const { provider, submit } = given({ submit: [error] });
    const reply = await submit();
    expect(reply).toMatchObject({ outcome: 'not_accepted', posts });
    const { retryAfterMs } = reply as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThanOrEqual(min);
    expect(retryAfterMs).toBeLessThanOrEqual(max);
    expect(provider.count('findJob')).toBe(0);
    expect(provider.count('submit')).toBe(1);
  });
});

describe('a POST whose fate is in doubt is looked for, never repeated', () => {
  const doubts = [
    ['lost reply', vendorError('unreachable', { sent: true })],
    ['5xx or HTML', vendorError('server', { httpStatus: 502 })],
    ['a reply that makes no sense', vendorError('invalid_reply', { field: 'job_id' })],
  ] as const;

  it.each(doubts)('%s: the job is found and adopted', async (_name, error) => {
    const { provider, submit, beats, elapsed } = given({ submit: [error], findJob: [null, null, { jobId: 'job-9' }] });
    expect(await submit()).toMatchObject({ outcome: 'accepted', jobId: 'job-9', adopted: true, posts: 1 });
    expect(provider.count('submit')).toBe(1);
    expect(elapsed()).toBe(2_000);
    expect(beats.at(-1)).toMatchObject({ jobId: 'job-9' });
  });

  it('looks for what it posted', async () => {
    const { provider, submit } = given({ submit: [vendorError('server')], findJob: [{ jobId: 'job-9' }] });
    await submit({ otherJobs: ['job-7'] });
    const [posted, looked] = provider.calls;
    const { marker } = posted?.args[1] as { marker: string };
    expect(looked?.args[0]).toMatchObject({
      markers: [marker],
      request: { operation: 'parse', input: 'https://x/a.pdf' },
      since: '2026-11-24T09:59:00.000Z',
      earlierLife: false,
      notThese: ['job-7'],
    });
  });

  it('after an earlier life looks for its resubmits too, and says how many there were', async () => {
    const found = { jobId: 'job-9', marker: '' };
    const { provider, submit, beats } = given({ findJob: [found] });
    const find = provider.findJob!.bind(provider);
    provider.findJob = async (wanted, call) => {
      found.marker = wanted.markers[2] ?? '';
      return find(wanted, call);
    };
    const late = { lookFirst: 'earlier_life', resubmitsAhead: 2 } as const;
    expect(await submit(late)).toMatchObject({ jobId: 'job-9', adopted: true, resubmitsOn: 2 });
    expect(beats.at(-1)).toMatchObject({ jobId: 'job-9', resubmitsOn: 2 });
    const { markers, earlierLife } = provider.calls[0]?.args[0] as { markers: string[]; earlierLife: boolean };
    expect(earlierLife).toBe(true);
    expect(new Set(markers).size).toBe(3);
    // What the next attempt is told of it, it passes on.
    const second = { attempt: 2, heartbeatDetails: beats.at(-1) };
    expect(await submit(late, second)).toMatchObject({ jobId: 'job-9', resubmitsOn: 2 });
    // A submit that got to the resubmit in its own life has the same marker.
    provider.findJob = find;
    await submit({ marker: { firstExecutionRunId: 'run', origin: 'a', ordinal: 0, resubmit: 2 } });
    expect((provider.calls.at(-1)?.args[1] as { marker: string }).marker).toBe(markers[2]);
  });

  it('absent for as long as an accepted job may take to be listed: not accepted', async () => {
    const { provider, submit, elapsed } = given({ submit: [vendorError('server')], findJob: [null] });
    expect(await submit()).toMatchObject({ outcome: 'not_accepted', posts: 1, retryAfterMs: 1_000 });
    expect(provider.count('submit')).toBe(1);
    expect(elapsed()).toBeGreaterThanOrEqual(5_500);
    expect(elapsed()).toBeLessThanOrEqual(8_000);
  });

  it('absent after a reply that made no sense: never sent again', async () => {
    const error = vendorError('invalid_reply', { field: 'job_id', endpoint: 'POST /parse_async' });
    const { submit } = given({ submit: [error], findJob: [null] });
    expect(await failureOf(submit())).toMatchObject({
      type: 'DocumentReplyInvalid',
      details: { endpoint: 'POST /parse_async', field: 'job_id', operation: 'parse' },
    });
  });

  it('two jobs with one marker: a person has to look', async () => {
    const { submit } = given({ submit: [vendorError('server')], findJob: [vendorError('ambiguous')] });
    expect(await failureOf(submit())).toMatchObject({ type: 'DocumentSubmitUnknown', details: { submits: 1 } });
  });

  it.each([
    ['no list at all', false],
    ['a list without markers', ['unsupported' as const]],
    ['a list that this key may not read', [vendorError('rejected', { httpStatus: 404 })]],
  ] as const)('%s: unknown', async (_name, findJob) => {
    const script = { submit: [vendorError('server')], findJob: findJob as NonNullable<FakeScript['findJob']> };
    expect(await given(script).submit()).toMatchObject({ outcome: 'unknown', posts: 1 });
    const invalid = { ...script, submit: [vendorError('invalid_reply')] };
    expect(await failureOf(given(invalid).submit())).toMatchObject({ type: 'DocumentReplyInvalid' });
  });

  it('tolerates list failures on the way', async () => {
    const findJob = [vendorError('server'), vendorError('rate_limited'), { jobId: 'job-9' }];
    expect(await given({ submit: [vendorError('server')], findJob }).submit()).toMatchObject({ jobId: 'job-9' });
  });

  it('a list that stays broken fails the attempt, and the next one looks before it posts', async () => {
    const { submit, provider } = given({
      submit: [vendorError('server'), { jobId: 'second' }],
      findJob: [...Array<Error>(12).fill(vendorError('server')), { jobId: 'job-9' }],
    });
    await expect(submit()).rejects.toMatchObject({ type: 'DocumentVendorTrouble', nonRetryable: false });
    expect(await submit({}, { attempt: 2 })).toMatchObject({ jobId: 'job-9', adopted: true });
    expect(provider.count('submit')).toBe(1);
  });

  it('a list that stays broken for as long as jobs are kept ends as unknown', async () => {
    const { submit, now } = given({ submit: [vendorError('server')], findJob: [vendorError('server')] });
    const scheduledTimestampMs = now() - 13 * 3_600_000;
    expect(await failureOf(submit({}, { scheduledTimestampMs }))).toMatchObject({ type: 'DocumentSubmitUnknown' });
  });
});

describe('a refusal is final', () => {
  it.each([
    [vendorError('auth', { httpStatus: 401 }), 'DocumentAccountRefused', { httpStatus: 401 }],
    [vendorError('auth', { httpStatus: 403 }), 'DocumentAccountRefused', { httpStatus: 403 }],
    [
      vendorError('rejected', { httpStatus: 442, code: 'DOCUMENT_PASSWORD_PROTECTED', reason: 'locked' }),
      'DocumentSubmitRejected',
      { httpStatus: 442, vendorCode: 'DOCUMENT_PASSWORD_PROTECTED', reason: 'locked' },
    ],
    [vendorError('ambiguous'), 'DocumentSubmitUnknown', {}],
  ] as const)('%s', async (error, type, details) => {
    const { submit, provider } = given({ submit: [error] });
    const failure = await failureOf(submit());
    expect(failure).toMatchObject({
      type,
      details: { provider: 'fake', account: 'fake', operation: 'parse', ...details },
    });
    expect(provider.count('submit')).toBe(1);
    expect(provider.count('findJob')).toBe(0);
  });

  it('of a reference that the vendor has forgotten names the reference', async () => {
    const { submit } = given({ submit: [vendorError('reference_expired', { httpStatus: 404 })] });
    const request = { operation: 'split' as const, input: ['https://x/a.pdf?sig=1', 'jobid://old'] };
    expect(await failureOf(submit({ request }))).toMatchObject({
      type: 'DocumentReferenceExpired',
      details: { reference: 'jobid://old' },
    });
  });
});

describe('any attempt but a certain first one', () => {
  it('takes the job id that an earlier attempt heartbeated', async () => {
    const { submit, provider } = given({});
    const info = { attempt: 2, heartbeatDetails: { jobId: 'job-7', adopted: false, posts: 1 } };
    expect(await submit({}, info)).toMatchObject({ jobId: 'job-7', adopted: false, posts: 1 });
    expect(provider.calls).toEqual([]);
  });

  it('takes it even when the attempts were counted anew (activity reset)', async () => {
    const { submit, provider } = given({});
    expect(await submit({}, { attempt: 1, heartbeatDetails: { jobId: 'job-7' } })).toMatchObject({ jobId: 'job-7' });
    expect(provider.calls).toEqual([]);
  });

  it.each([
    ['a later attempt', {}, { attempt: 2 }],
    ['a workflow that had posted', { lookFirst: 'resubmit' as const }, {}],
  ] as const)('%s looks first, beating, and adopts', async (_name, over, info) => {
    const { submit, provider, beats } = given({ findJob: [null, { jobId: 'job-9' }] });
    expect(await submit(over, info)).toMatchObject({ jobId: 'job-9', adopted: true, posts: 1 });
    expect(provider.count('submit')).toBe(0);
    expect(beats[0]).toEqual({ posts: 0 });
  });

  it('waits until an accepted job would have to be listed, then posts', async () => {
    const { submit, provider, elapsed } = given({ findJob: [null] });
    expect(await submit({}, { attempt: 2 })).toMatchObject({ jobId: 'job-1', adopted: false, posts: 1 });
    expect(elapsed()).toBeGreaterThanOrEqual(5_500);
    expect(provider.calls.at(-1)?.method).toBe('submit');
  });

  it('need not wait a second time when this worker knows that nothing was accepted', async () => {
    const { submit, elapsed, provider } = given({
      submit: [vendorError('server'), { jobId: 'job-2' }],
      findJob: [null],
    });
    await submit();
    const before = elapsed();
    expect(await submit({ lookFirst: 'resubmit' as const })).toMatchObject({ jobId: 'job-2', posts: 1 });
    expect(elapsed()).toBe(before);
    expect(provider.calls.at(-2)?.method).toBe('findJob');
  });

  it('that is only to look does not post', async () => {
    const absent = given({ findJob: [null] });
    expect(await absent.submit({ lookOnly: true })).toMatchObject({
      outcome: 'not_accepted',
      lookedFor: true,
      posts: 0,
    });
    const found = given({ findJob: [{ jobId: 'job-9' }] });
    expect(await found.submit({ lookOnly: true })).toMatchObject({
      outcome: 'accepted',
      jobId: 'job-9',
      adopted: true,
    });
    const silent = given({ findJob: false });
    expect(await silent.submit({ lookOnly: true, lookFirst: 'resubmit' })).toMatchObject({
      outcome: 'unknown',
      posts: 1,
    });
    for (const { provider } of [absent, found, silent]) expect(provider.count('submit')).toBe(0);
  });

  it('does not post while the list cannot be read', async () => {
    const { submit, provider } = given({ findJob: [vendorError('auth', { httpStatus: 401 })] });
    await expect(submit({ lookFirst: 'resubmit' as const })).rejects.toMatchObject({ type: 'DocumentVendorTrouble' });
    expect(provider.count('submit')).toBe(0);
  });

  it('where there is no way to look: a retried attempt is unknown, a submit asked for again is sent', async () => {
    const retried = given({ findJob: false });
    expect(await retried.submit({}, { attempt: 2 })).toMatchObject({ outcome: 'unknown' });
    expect(retried.provider.count('submit')).toBe(0);
    expect(await given({ findJob: false }).submit({ lookFirst: 'resubmit' as const })).toMatchObject({
      outcome: 'accepted',
    });
  });
});

describe('an attempt that may have been given up', () => {
  it('does not post when it was told to stop', async () => {
    const run = given({ findJob: [null] });
    run.onSleep(() => run.cancelAttempt('WORKER_SHUTDOWN'));
    await expect(run.submit({}, { attempt: 2 })).rejects.toMatchObject({ name: 'CancelledFailure' });
    expect(run.provider.count('submit')).toBe(0);
  });

  it('that failed before it posted says so: the next one could not tell, where the vendor gives no way to look', async () => {
    const accounts = (): never => {
      throw new Error('secret manager: token=canary');
    };
    const run = activityRun(fakeProvider({ findJob: false }), { accounts });
    const reply = await run.run(() => run.activities.submitDocumentJob(input()));
    expect(reply).toMatchObject({ outcome: 'not_accepted', posts: 0, reason: 'accounts("fake") threw Error' });
    expect(JSON.stringify(reply)).not.toContain('canary');
  });

  it('does not post when it was told to stop before it could', async () => {
    const provider = fakeProvider();
    const run = activityRun(provider, {
      accounts: () => {
        run.cancelAttempt('WORKER_SHUTDOWN');
        return provider;
      },
    });
    expect(await run.run(() => run.activities.submitDocumentJob(input()))).toMatchObject({
      outcome: 'not_accepted',
      posts: 0,
      lookedFor: false,
    });
    expect(provider.calls).toEqual([]);
  });

  it('does not post when the process stood still past its heartbeat time-out', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const run = given({ findJob: [null] });
      run.onSleep(() => vi.setSystemTime(Date.now() + 60_000));
      await expect(run.submit({}, { attempt: 2 })).rejects.toMatchObject({
        message: expect.stringContaining('stood still') as string,
      });
      expect(run.provider.count('submit')).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a vendor that takes the file with the submit', () => {
  const carrying: FakeScript = { fileOperations: ['parse'] };
  const sources = allowedRoots(['examples']);
  const request = { operation: 'parse' as const, input: 'examples/invoice-packet.pdf' };

  it('gets it', async () => {
    const { provider, submit } = given(carrying, { sources });
    expect(await submit({ request })).toMatchObject({ outcome: 'accepted', posts: 1 });
    expect(provider.calls[0]?.args[2]).toMatchObject({
      file: { filename: 'invoice-packet.pdf', contentType: 'application/pdf' },
    });
  });

  it('gets none for a URL, nor for an operation that works on a parsed document', async () => {
    const { provider, submit } = given(carrying, { sources });
    await submit();
    await submit({ request: { operation: 'split', input: 'extraction-1' } });
    expect(provider.calls.map((call) => call.args[2])).toEqual([{}, {}]);
  });

  it('is not asked when the file may not be sent', async () => {
    const { provider, submit } = given(carrying, { sources: allowedRoots(['docs']) });
    expect((await failureOf(submit({ request }))).type).toBe('DocumentSourceRefused');
    expect(provider.count('submit')).toBe(0);
  });
});

describe('an operation that the vendor only offers synchronously', () => {
  const request = { operation: 'classify' as const, input: 'https://x/a.pdf' };

  it('leaves its body in the store, where the poll finds it although the vendor does not know the job', async () => {
    const { submit, run, activities } = given({
      submit: [{ jobId: 'job-1', body: { category: 'invoice' } }],
      get: [null],
      interpret: [{ usage: { pages: 1, credits: 1 }, value: 'invoice' }],
    });
    expect(await submit({ request })).toMatchObject({ outcome: 'accepted', jobId: 'job-1' });
    const job = { provider: 'fake', account: 'fake', operation: 'classify' as const, jobId: 'job-1' };
    const collect = { results: 'inline' as const, inlineLimit: 100 };
    const poll = { job, windowMs: 0, elapsedMs: 0, neverSeen: false, collect };
    expect(await run(() => activities.pollDocumentJob(poll))).toMatchObject({
      state: 'completed',
      result: { kind: 'other', value: 'invoice' },
    });
  });

  it('whose reply is lost carries no marker: it is not looked for, and not sent again blindly', async () => {
    const { submit, provider } = given({ submit: [vendorError('unreachable', { unmarked: true })] });
    expect(await submit({ request })).toMatchObject({ outcome: 'unknown', posts: 1 });
    expect(provider.count('findJob')).toBe(0);
  });
});
