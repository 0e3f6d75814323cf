import { describe, expect, it } from 'vitest';
import { type DocumentCalls, readDocument } from '../../src/cli/doctor/read-document.js';
import { webhookFacts, webhookVerdict } from '../../src/cli/doctor/webhooks.js';
import type { Provider } from '../../src/providers/provider.js';

describe('webhooks', () => {
  const [hit, miss] = [true, false];
  const many = (hits: number, misses: number): boolean[] => [
    ...Array.from({ length: hits }, () => hit),
    ...Array.from({ length: misses }, () => miss),
  ];

  it.each<[string, boolean[], number | null, string, RegExp]>([
    ['no document', [], null, 'skipped', /^no webhook yet; no document has ended/],
    [
      'all',
      many(3, 0),
      42_000,
      'ok',
      /^last webhook 42s ago; 3 of the last 3 documents were called, 0 polled in vain$/,
    ],
    [
      'most',
      many(18, 2),
      42_000,
      'ok',
      /^last webhook 42s ago; 18 of the last 20 documents were called, 2 polled in vain$/,
    ],
    ['none of one', [miss], null, 'problem', /^no webhook yet; the last document was not called$/],
    ['the only one', [hit], 1_000, 'ok', /^last webhook 1\.0s ago; the last document was called$/],
    ['none', many(0, 20), null, 'problem', /0 of the last 20 documents were called/],
    ['the latest was lost', [miss, ...many(5, 0)], 9_000, 'ok', /5 of the last 6/],
    ['stopped', [miss, miss, miss, ...many(17, 0)], 9_000, 'problem', /3 polled in vain: the last 3 in a row/],
    ['few', [hit, miss, miss, miss], 9_000, 'warning', /1 of the last 4 documents was called/],
  ])('%s', (_what, called, ageMs, status, says) => {
    const verdict = webhookVerdict({ called, ageMs, unreadable: 0 }, 'acme');
    expect(verdict).toMatchObject({ status, says: expect.stringMatching(says) as string });
    if (status !== 'ok') expect(verdict.mend).toContain('docjobs webhook --test https://<your host>/webhooks/acme');
  });

  it('of encrypted documents are not judged', () => {
    expect(webhookVerdict({ called: [], ageMs: null, unreadable: 4 }, 'acme')).toMatchObject({ status: 'skipped' });
  });

  const provider = {
    name: 'acme',
    callsBack: ({ operation }) => (operation === 'parse' ? 'by_job_id' : undefined),
  } as Provider;
  const names = { provider: 'acme', account: 'acme' };
  const job = (jobId: string, change: Partial<DocumentCalls['jobs'][number]> = {}): DocumentCalls['jobs'][number] => ({
    ...names,
    jobId,
    request: { operation: 'parse', body: {} } as never,
    asked: true,
    ...change,
  });
  const call = (jobId: string, at: number, change = {}) => ({ ...names, jobId, at, ...change });

  it.each<[string, DocumentCalls, boolean[], number | null]>([
    ['called', { jobs: [job('a')], calls: [call('a', 700)] }, [true], 300],
    ['one of two jobs called', { jobs: [job('a'), job('b')], calls: [call('b', 900)] }, [true], 100],
    ['not called', { jobs: [job('a')], calls: [] }, [false], null],
    ['a call for another job', { jobs: [job('a')], calls: [call('z', 400)] }, [false], 600],
    ['none was asked for', { jobs: [job('a', { asked: false })], calls: [] }, [], null],
    [
      'the vendor does not call for it',
      { jobs: [job('a', { request: { operation: 'split', body: {} } as never })], calls: [] },
      [],
      null,
    ],
    [
      "another vendor's",
      { jobs: [job('a', { provider: 'other' })], calls: [call('a', 5, { provider: 'other' })] },
      [],
      null,
    ],
    ["the sandbox's", { jobs: [job('a', { account: 'acme-sandbox' })], calls: [] }, [], null],
  ])('a document: %s', (_what, document, called, ageMs) => {
    const facts = webhookFacts({ documents: [document], unreadable: 0 }, provider, 1_000);
    expect(facts).toEqual({ called, ageMs, unreadable: 0 });
  });
});

describe('a history', () => {
  const decode = async (payloads: unknown): Promise<unknown> =>
    (payloads as { payloads?: unknown[] } | undefined)?.payloads?.[0];
  const holding = (value: unknown) => ({ payloads: [value] });
  let eventId = 0;
  const activity = (name: string, input: unknown, result: unknown) => {
    const scheduledEventId = ++eventId;
    return [
      {
        eventId: scheduledEventId,
        activityTaskScheduledEventAttributes: { activityType: { name }, input: holding(input) },
      },
      {
        eventId: ++eventId,
        eventTime: { seconds: 5 },
        activityTaskCompletedEventAttributes: { scheduledEventId, result: holding(result) },
      },
    ];
  };
  const ref = { provider: 'acme', account: 'acme' };
  const request = { operation: 'parse', body: {} };
  const submit = (jobId: string, output: object = {}, input: object = {}) =>
    activity(
      'submitDocumentJob',
      { ...ref, request, ...input },
      { outcome: 'accepted', adopted: false, jobId, ...output },
    );
  const poll = (jobId: string, state: string) =>
    activity('pollDocumentJob', { job: { ...ref, operation: 'parse', jobId } }, { state, reads: 1 });
  const signal = (name: string, jobId: string) => ({
    eventTime: { seconds: 7, nanos: 500_000_000 },
    workflowExecutionSignaledEventAttributes: { signalName: name, input: holding({ ...ref, jobId }) },
  });
  const read = (...events: object[]) => readDocument({ decode }, events);

  it('tells the calls and when they came, and no other signals', async () => {
    const { calls } = await read(signal('documentJobWebhook', 'a'), signal('somethingElse', 'b'));
    expect(calls).toEqual([{ ...ref, jobId: 'a', at: 7_500 }]);
  });

  it.each<[string, object[], object[]]>([
    ['completed', [...submit('a'), ...poll('a', 'completed')], [{ ...ref, jobId: 'a', request, asked: true }]],
    [
      'failed',
      [...submit('a'), ...poll('a', 'pending'), ...poll('a', 'failed')],
      [{ ...ref, jobId: 'a', request, asked: true }],
    ],
    [
      'without a webhook',
      [...submit('a', {}, { webhooks: false }), ...poll('a', 'completed')],
      [{ ...ref, jobId: 'a', request, asked: false }],
    ],
    ['still running', [...submit('a'), ...poll('a', 'pending')], []],
    ['cancelled', [...submit('a'), ...poll('a', 'cancelled')], []],
    ['adopted', [...submit('a', { adopted: true }), ...poll('a', 'completed')], []],
    ['not accepted', [...submit('a', { outcome: 'not_accepted' }), ...poll('a', 'completed')], []],
    ['of another workflow', poll('a', 'completed'), []],
  ])('job: %s', async (_what, events, jobs) => {
    expect((await read(...events)).jobs).toEqual(jobs);
  });
});
