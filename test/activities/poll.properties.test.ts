import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { ActivityDeps } from '../../src/activities/activity-deps.js';
import { createWebhookHealth } from '../../src/activities/webhook-health.js';
import { createExpectedDurations } from '../../src/activities/expected-durations.js';
import { createPoll } from '../../src/activities/poll.js';
import { createSharedReads } from '../../src/activities/shared-reads/shared-reads.js';
import type { PollInput, PollOutput } from '../../src/jobs/activities.js';
import type { JobStatus } from '../../src/jobs/types.js';
import { memoryStore } from '../../src/results/memory-store.js';
import { bareActivity } from '../support/bare-activity.js';
import { fakeProvider, read, vendorError } from '../support/fake-provider.js';
import { expect, RUNS } from '../support/properties.js';

const activity = bareActivity();
const provider = fakeProvider();
const FINAL = ['completed', 'failed', 'cancelled', 'expired'];

type Answer = JobStatus | 'absent' | 'server' | 'auth' | 'busy';
const answer = fc.constantFrom<Answer>(
  ...(['running', 'running', 'queued', 'server', 'auth', 'busy', 'absent'] as const),
  ...(['completed', 'failed', 'cancelled', 'expired'] as const),
);
const given = fc.record({
  answers: fc.array(answer, { minLength: 1, maxLength: 6 }),
  windowMs: fc.oneof(fc.constant(0), fc.nat(90_000)),
  elapsedMs: fc.oneof(fc.nat(10_000), fc.nat(3_600_000)),
  neverSeen: fc.boolean(),
  retryAfterMs: fc.nat(60_000),
});
type Given = typeof given extends fc.Arbitrary<infer G> ? G : never;

/** Polls a vendor that gives these answers, the last one for ever. */
async function poll({ answers, retryAfterMs, ...window }: Given) {
  activity.restart();
  const seen: { answer: Answer; at: number }[] = [];
  const get = async () => {
    const next = answers[Math.min(seen.length, answers.length - 1)] ?? 'running';
    seen.push({ answer: next, at: activity.elapsed() });
    if (next === 'absent') return null;
    if (next === 'server' || next === 'auth') throw vendorError(next);
    if (next === 'busy') throw vendorError('rate_limited', { retryAfterMs });
    return read(next, {});
  };
  const deps = {
    accounts: { fake: { ...provider, get, interpret: () => ({ usage: { pages: 1, credits: 1 }, value: 1 }) } },
    results: memoryStore(),
    clock: activity.clock,
    expected: createExpectedDurations(),
    webhooks: createWebhookHealth(),
    sharedReads: createSharedReads({ clock: activity.clock, enabled: false }),
  } as unknown as ActivityDeps;
  const job = { provider: 'fake', account: 'fake', operation: 'classify' as const, jobId: 'j' };
  const input: PollInput = { job, ...window, collect: { results: 'inline', inlineLimit: 1_000 } };
  const output: PollOutput = await activity.run(() => createPoll(deps)(input));
  return { output, seen, last: seen.at(-1)?.answer ?? 'running' };
}

describe('pollDocumentJob', () => {
  it('ends with the first final status that is read, and with no other', async () => {
    await fc.assert(
      fc.asyncProperty(given, async (facts) => {
        const { output, seen, last } = await poll(facts);
        expect(seen.slice(0, -1).filter((one) => FINAL.includes(one.answer))).toEqual([]);
        expect(output.reads).toBe(seen.length);
        if (FINAL.includes(last)) expect(output.state).toBe(last === 'expired' ? 'lost' : last);
        else expect(['pending', 'lost', 'not_found']).toContain(output.state);
      }),
      RUNS,
    );
  });

  it('believes that a job is lost when it is absent twice over, and unknown only when nobody ever saw it', async () => {
    await fc.assert(
      fc.asyncProperty(given, async (facts) => {
        const { output, seen, last } = await poll(facts);
        const wasSeen = !facts.neverSeen || seen.some((one) => one.answer === 'running' || one.answer === 'queued');
        if (last !== 'absent') expect(output.state).not.toBe('not_found');
        else if (wasSeen) expect([output.state, seen.at(-2)?.answer]).toEqual(['lost', 'absent']);
        else expect(output.state).toBe('not_found');
      }),
      RUNS,
    );
  });

  it('stays pending for a whole window and not longer, leaving a busy vendor in peace', async () => {
    await fc.assert(
      fc.asyncProperty(given, async (facts) => {
        const { output, seen } = await poll(facts);
        const again = 2_000 * seen.filter((one) => one.answer === 'absent').length;
        expect(activity.elapsed()).toBeLessThanOrEqual(facts.windowMs + again);
        if (output.state === 'pending') expect(activity.elapsed()).toBeGreaterThanOrEqual(facts.windowMs);
        const gaps = seen.slice(1).map((one, index) => one.at - (seen[index]?.at ?? 0));
        const tooSoon = gaps.filter((gap, index) => seen[index]?.answer === 'busy' && gap < facts.retryAfterMs);
        expect(tooSoon).toEqual([]);
      }),
      RUNS,
    );
  });
});
