import { afterEach, describe, expect, it, vi } from 'vitest';
import { selfTestBody } from '../../src/webhooks/self-test.js';
import { COMPLETED, JOB, post, receiver, signed, TOKEN } from './sender.js';

afterEach(() => void vi.useRealTimers());

const DIRECT = `/webhooks/reducto/${TOKEN}`;

describe('what is told', () => {
  it('job, status, owner and the message id, and nothing else', async () => {
    const owner = { namespaceId: 'n', workflowId: 'w', firstExecutionRunId: 'r' };
    const { handle, events } = receiver();
    const metadata = { secret: 'canary', documentJobs: { marker: 'm', owner: { ...owner, more: 1 } } };
    await handle(signed(JSON.stringify({ status: 'Failed', job_id: JOB, metadata }), { id: 'msg_1' }));
    expect(events).toEqual([
      { provider: 'reducto', account: 'reducto', jobId: JOB, status: 'failed', owner, eventId: 'msg_1' },
    ]);
  });

  it.each([
    ['none', null],
    ['of others', { doc: 'd1', documentJobs: 'no' }],
    ['half', { documentJobs: { owner: { namespaceId: 'n', workflowId: 'w' } } }],
    ['wrong', { documentJobs: { owner: { namespaceId: 'n', workflowId: 7, firstExecutionRunId: 'r' } } }],
    [
      'endless',
      { documentJobs: { owner: { namespaceId: 'n', workflowId: 'x'.repeat(1_001), firstExecutionRunId: 'r' } } },
    ],
  ])('no owner from metadata that is %s', async (_what, metadata) => {
    const { handle, events } = receiver();
    await handle(signed(JSON.stringify({ status: 'Completed', job_id: JOB, metadata })));
    expect(events).toEqual([expect.not.objectContaining({ owner: expect.anything() as unknown })]);
    expect(events[0]).toMatchObject({ jobId: JOB, status: 'completed' });
  });

  it.each([
    [{ type: 'job.completed', data: { job_id: JOB } }, 'completed'],
    [{ type: 'job.cancelled', job_id: JOB }, 'cancelled'],
    [{ event: 'job.failed', data: { job_id: JOB } }, 'failed'],
    [{ data: { job_id: JOB, status: 'canceled' } }, 'cancelled'],
    [{ type: 'job.archived', data: { job_id: JOB } }, undefined],
  ])('of Pulse: %j', async (body, status) => {
    const { handle, events } = receiver();
    expect((await handle(signed(JSON.stringify(body), { family: 'webhook' }, '/webhooks/pulse'))).status).toBe(204);
    expect(events).toMatchObject([{ provider: 'pulse', jobId: JOB, ...(status && { status }) }]);
  });

  it.each(['job.created', 'job.processing'])('of Pulse, nothing for %s', async (type) => {
    const { handle, events, log } = receiver();
    await handle(signed(JSON.stringify({ type, data: { job_id: JOB } }), {}, '/webhooks/pulse'));
    expect(events).toEqual([]);
    expect(log).toMatchObject([{ reason: 'not-an-end', status: 204 }]);
  });

  it('a self-test’s name comes back', async () => {
    const answer = await receiver().handle(signed(selfTestBody('t-42')));
    expect(answer.headers.get('document-jobs-self-test')).toBe('t-42');
  });
});

describe('repetition', () => {
  it('a message is delivered once, however often it comes, also at the same time', async () => {
    const { handle, events, log } = receiver();
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () => handle(signed(COMPLETED, { id: 'msg_same' }))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect(events).toHaveLength(1);
    expect(log.filter(({ reason }) => reason === 'repeated')).toHaveLength(999);
    await handle(signed(COMPLETED, { id: 'msg_other' }));
    expect(events).toHaveLength(2);
  });

  it('one without an id is told by job and status', async () => {
    const { handle, events } = receiver();
    for (const status of ['Completed', 'Completed', 'Failed'])
      await handle(post(DIRECT, JSON.stringify({ status, job_id: JOB })));
    expect(events.map(({ status }) => status)).toEqual(['completed', 'failed']);
  });

  it('one that was not delivered is delivered when it comes again', async () => {
    let tries = 0;
    const { handle } = receiver({
      deliver: async () => void ((tries += 1) === 1 && (await Promise.reject(new Error('away')))),
    });
    const send = async (): Promise<number> => (await handle(signed(COMPLETED, { id: 'msg_1' }))).status;
    expect([await send(), await send(), await send()]).toEqual([503, 204, 204]);
    expect(tries).toBe(2);
  });
});

describe('what goes wrong on the way', () => {
  it('a delivery that fails is 503, and the log has the name of the error alone', async () => {
    const { handle, log } = receiver({ deliver: () => Promise.reject(new TypeError('canary')) });
    expect((await handle(signed())).status).toBe(503);
    expect(log).toEqual([{ reason: 'not-delivered', status: 503, account: 'reducto', error: 'TypeError' }]);
  });

  it('a delivery that does not end is 503 within 10 s, and the next try is a new one', async () => {
    vi.useFakeTimers();
    let calls = 0;
    const { handle } = receiver({ deliver: () => ((calls += 1), new Promise(() => undefined)) });
    for (const tries of [1, 2]) {
      const answer = handle(signed(COMPLETED, { id: 'msg_1' }));
      await vi.advanceTimersByTimeAsync(10_000);
      expect((await answer).status).toBe(503);
      expect(calls).toBe(tries);
    }
  });

  it('1,000 different events at once are all delivered, 64 at a time', async () => {
    let [running, most, done] = [0, 0, 0];
    const { handle } = receiver({
      async deliver() {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        done += 1;
      },
    });
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => handle(signed())));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect([most, done]).toEqual([64, 1_000]);
  });

  it('a log that throws changes nothing', async () => {
    const { handle, events } = receiver({
      log: () => {
        throw new Error('full');
      },
    });
    expect((await handle(signed())).status).toBe(204);
    expect(events).toHaveLength(1);
  });
});
