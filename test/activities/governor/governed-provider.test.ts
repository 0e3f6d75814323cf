import { describe, expect, it } from 'vitest';
import { createFleet } from '../../../src/activities/governor/fleet.js';
import { createGovernors } from '../../../src/activities/governor/governors.js';
import type { PollInput, SubmitInput } from '../../../src/jobs/activities.js';
import type { JobRead, Provider } from '../../../src/providers/provider.js';
import type { Quota } from '../../../src/providers/quota.js';
import { activityRun, failureOf } from '../../support/activity-run.js';
import { fakeProvider, read, readOnce, vendorError } from '../../support/fake-provider.js';
import { virtualPace } from '../../support/virtual-pace.js';

const NONE: Quota = { requestsPerSecond: null, readsPerSecond: null };
const FAKE = { provider: 'fake', account: 'fake' } as const;

const submitInput: SubmitInput = {
  ...FAKE,
  request: { operation: 'parse', input: 'https://x/a.pdf' },
  marker: { firstExecutionRunId: 'run', origin: 'a', ordinal: 0, resubmit: 0 },
  lookFirst: 'no',
  since: '2026-11-24T09:59:00.000Z',
};
const pollInput = (jobId: string, windowMs = 60_000): PollInput => ({
  job: { ...FAKE, operation: 'parse', jobId },
  windowMs,
  elapsedMs: 0,
  neverSeen: false,
  collect: { results: 'inline', inlineLimit: 1_000 },
});

/** A provider behind a governor whose time a test moves. */
function behind(provider: Provider) {
  const pace = virtualPace();
  const governors = createGovernors({ pace, fleet: createFleet({ size: 1 }), now: async () => pace.now() });
  const accounts = governors.governed({ fake: provider }) as { fake: Provider };
  return { pace, governors, governed: accounts.fake };
}

describe('a governed provider', () => {
  it('is the provider, but for the turns of its calls', async () => {
    class Own {
      readonly name = 'fake';
      readonly quota = NONE;
      #reads = 0;
      async get(): Promise<JobRead> {
        this.#reads += 1;
        return read('running', undefined, { progress: this.#reads });
      }
    }
    const { governed } = behind(new Own() as unknown as Provider);
    await governed.get('a', 'parse', {});
    expect((await governed.get('a', 'parse', {}))?.snapshot.progress).toBe(2);
    expect('findJob' in governed || 'upload' in governed).toBe(false);
  });

  it('makes a read wait for its turn, or throws what says how long', async () => {
    const fake = fakeProvider({ get: [read('running')] });
    const { governed, pace } = behind({ ...fake, quota: { ...NONE, readsPerSecond: 1 } });
    await governed.get('a', 'parse', {});
    const second = governed.get('b', 'parse', {});
    await pace.pass(500);
    expect(fake.count('get')).toBe(1);
    await pace.pass(600);
    await second;
    expect(fake.count('get')).toBe(2);
    const impatient = await governed.get('c', 'parse', { patienceMs: 10 }).catch((error: unknown) => error);
    expect(impatient).toMatchObject({ kind: 'rate_limited', facts: { sent: false } });
    expect((impatient as Error).message).toMatch(/^fake: reads wait for the account's quota, next try in \d+ s$/);
    await governed.get('d', 'parse', { admitted: true });
    expect(fake.count('get')).toBe(3);
  });

  it('does not keep a body waiting that is served once: who has claimed it is believed to read it', async () => {
    const fake = fakeProvider({ get: [readOnce(() => ['{}'])] });
    const { governed } = behind({ ...fake, quota: { requestsPerSecond: 1, readsPerSecond: null } });
    const body = (await governed.get('a', 'parse', {}))?.body;
    if (body?.kind !== 'single_read') throw new Error('no single read');
    const parts: Uint8Array[] = [];
    for await (const part of await body.open({})) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe('{}');
    // It is missing from the next turns.
    await expect(governed.get('b', 'parse', { patienceMs: 900 })).rejects.toMatchObject({ kind: 'rate_limited' });
  });

  it('passes on what an aborted call throws, and thinks no worse of the vendor', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const fake = fakeProvider({ get: [vendorError('unreachable')] });
    const { governed, pace, governors } = behind(fake);
    controller.abort(reason);
    for (let nth = 0; nth < 20; nth++) {
      await expect(governed.get('a', 'parse', { signal: controller.signal })).rejects.toBe(reason);
      await pace.pass(1_000);
    }
    expect(fake.count('get')).toBe(0);
    expect(governors.refusal(FAKE, 'read', 1).kind).toBe('rate_limited');
  });
});

describe('an activity', () => {
  it('does not post a submit whose turn does not come: it waits in the workflow', async () => {
    const fake = fakeProvider({});
    const run = activityRun({ ...fake, quota: { ...NONE, submitsPerSecond: 0.05 } });
    const submit = () => run.run(() => run.activities.submitDocumentJob(submitInput), { heartbeatTimeoutMs: 45_000 });
    expect(await submit()).toMatchObject({ outcome: 'accepted' });
    const second = await submit();
    expect(second).toMatchObject({ outcome: 'not_accepted', posts: 0, lookedFor: false });
    const { reason, retryAfterMs } = second as { reason: string; retryAfterMs: number };
    expect(reason).toMatch(/^fake: submits wait for the account's quota/);
    expect(retryAfterMs).toBeGreaterThan(8_000);
    expect(fake.count('submit')).toBe(1);
  });

  it('waits for a turn that comes soon, and then posts', async () => {
    const fake = fakeProvider({});
    const run = activityRun({ ...fake, quota: { ...NONE, submitsPerSecond: 0.5 } });
    const submit = () => run.run(() => run.activities.submitDocumentJob(submitInput), { heartbeatTimeoutMs: 45_000 });
    await submit();
    const before = run.elapsed();
    expect(await submit()).toMatchObject({ outcome: 'accepted' });
    expect(run.elapsed() - before).toBeGreaterThanOrEqual(1_900);
  });

  it('tells what it waits for while the vendor does not answer, and submits send nothing', async () => {
    const down = vendorError('server', { httpStatus: 502 });
    const fake = fakeProvider({ get: [down], submit: [down] });
    const run = activityRun({ ...fake, probe: () => Promise.reject(down) });
    const poll = (nth: number, windowMs: number) =>
      run.run(() => run.activities.pollDocumentJob(pollInput(`job-${nth}`, windowMs)), { activityId: `${nth}` });
    for (let nth = 0; nth < 4; nth++) await poll(nth, 6_000);
    const reads = fake.count('get');
    const end = await poll(9, 0);
    expect(fake.count('get')).toBe(reads);
    expect(end.state === 'pending' && end.trouble).toMatch(
      /^fake: does not answer since 10:00:\d\d UTC: waiting, next try in \d+ s$/,
    );
    const submit = await run.run(() => run.activities.submitDocumentJob(submitInput), { heartbeatTimeoutMs: 45_000 });
    expect(submit).toMatchObject({ outcome: 'not_accepted', posts: 0 });
    expect((submit as { reason: string }).reason).toContain('does not answer since');
    expect(fake.count('submit')).toBe(0);
    const gauge = run.metrics.filter(({ name }) => name === 'document_jobs_breaker_open');
    expect(gauge).toMatchObject([{ name: 'document_jobs_breaker_open', value: 1, tags: FAKE }]);
  });

  it('counts its calls by budget and outcome, those that were limited once more, and what waited', async () => {
    const fake = fakeProvider({ get: [vendorError('rate_limited', { retryAfterMs: 700 }), read('running')] });
    const run = activityRun(fake);
    await run.run(() => run.activities.pollDocumentJob(pollInput('job-1', 3_000)));
    const calls = run.metrics.filter(({ name }) => name === 'document_jobs_vendor_calls').map(({ tags }) => tags);
    expect(calls[0]).toMatchObject({ ...FAKE, budget: 'read', outcome: 'limited' });
    expect(calls[1]).toMatchObject({ ...FAKE, budget: 'read', outcome: 'answered' });
    const limited = run.metrics.filter(({ name }) => name === 'document_jobs_rate_limited');
    expect(limited).toMatchObject([
      { name: 'document_jobs_rate_limited', value: 1, tags: { ...FAKE, budget: 'read' } },
    ]);
  });

  it('still names its accounts when one is asked for that is not there', async () => {
    const run = activityRun(fakeProvider({}));
    const asked = run.run(() => run.activities.submitDocumentJob({ ...submitInput, account: 'other' }));
    expect((await failureOf(asked)).message).toContain('it has: fake');
  });
});
