import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createWebhookHealth } from '../../src/activities/webhook-health.js';
import { createExpectedDurations } from '../../src/activities/expected-durations.js';
import { createSettledMarkers } from '../../src/activities/settled-markers.js';
import {
  accepted,
  adopted,
  notAccepted,
  type Submit,
  undecided,
  unknown,
} from '../../src/activities/submit-outcomes.js';
import type { SubmitBeat } from '../../src/jobs/activities.js';
import { word } from '../support/arbitraries.js';
import { bareActivity, STARTED_AT } from '../support/bare-activity.js';
import { fakeProvider } from '../support/fake-provider.js';
import { expect, RUNS } from '../support/properties.js';

const activity = bareActivity();
const provider = fakeProvider();
const HOUR = 3_600_000;

/** A submit that has sent so many POSTs; `told` is what was heartbeated, and when the clock was first asked. */
function submitAfter(posts: number, over: { markers?: string[]; retentionMs?: number } = {}) {
  activity.restart();
  const told: (SubmitBeat | 'clock')[] = [];
  const beat: SubmitBeat = { posts };
  const { markers = ['m0'], retentionMs = 12 * HOUR } = over;
  const submit = {
    deps: {
      clock: { ...activity.clock, now: async () => (told.push('clock'), STARTED_AT + activity.elapsed()) },
      expected: createExpectedDurations(),
      webhooks: createWebhookHealth(),
      settled: createSettledMarkers(),
    },
    context: activity.context,
    provider: { ...provider, retentionMs: () => retentionMs },
    input: { request: { operation: 'parse', input: 'x' } },
    about: { provider: 'fake', account: 'fake', operation: 'parse' },
    heart: { ...activity.heart, beat: () => void told.push({ ...beat }) },
    beat,
    stamp: { marker: markers[0] },
    markers,
    startedAt: 0,
  } as unknown as Submit;
  return { submit, told };
}

const posts = fc.nat(5);
const retention = fc.oneof(fc.nat(24 * HOUR), fc.constant(Infinity));

describe('accepted', () => {
  it('tells the job before anything else, and never counts a POST less or a job without one', async () => {
    await fc.assert(
      fc.asyncProperty(posts, word, fc.boolean(), retention, async (sent, jobId, isAdopted, retentionMs) => {
        const { submit, told } = submitAfter(sent, { retentionMs });
        const output = await accepted(submit, { jobId, adopted: isAdopted });
        const counted = Math.max(sent, 1);
        expect(told).toEqual([{ jobId, adopted: isAdopted, posts: counted }, 'clock']);
        expect(output).toMatchObject({ outcome: 'accepted', jobId, adopted: isAdopted, posts: counted });
        // A figure that JSON does not have would arrive as another.
        expect(JSON.parse(JSON.stringify(output))).toEqual(output);
      }),
      RUNS,
    );
  });
});

describe('adopted', () => {
  it('says by the marker how many resubmits on the job is', async () => {
    const markers = fc.uniqueArray(word, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(markers, fc.nat(4), async (known, nth) => {
        const { submit } = submitAfter(0, { markers: known });
        const marker = known[nth];
        const output = await adopted(submit, {
          kind: 'found',
          jobId: 'j',
          ...(marker === undefined ? {} : { marker }),
        });
        const on = marker === undefined || nth === 0 ? {} : { resubmitsOn: nth };
        expect(output).toMatchObject({ adopted: true, posts: 1, ...on });
        expect('resubmitsOn' in output).toBe('resubmitsOn' in on);
      }),
      RUNS,
    );
  });
});

describe('notAccepted and unknown', () => {
  it('keep the count of POSTs, and only what was certainly not accepted is settled', () => {
    fc.assert(
      fc.property(posts, word, fc.nat(), fc.boolean(), (sent, reason, retryAfterMs, lookedFor) => {
        const { submit } = submitAfter(sent);
        expect(unknown(submit, reason)).toEqual({ outcome: 'unknown', reason, posts: sent });
        expect(submit.deps.settled.take('m0')).toBe(false);
        const expected = { outcome: 'not_accepted', reason, posts: sent, retryAfterMs, lookedFor };
        expect(notAccepted(submit, retryAfterMs, reason, lookedFor)).toEqual(expected);
        expect(submit.deps.settled.take('m0')).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('undecided', () => {
  it('looks again for as long as the vendor keeps jobs, and ends at once when it would have to guess', async () => {
    const kind = fc.constantFrom('ambiguous' as const, 'unreadable' as const);
    await fc.assert(
      fc.asyncProperty(kind, posts, fc.nat(24 * HOUR), retention, async (seen, sent, spentMs, retentionMs) => {
        const { submit } = submitAfter(sent, { retentionMs });
        activity.pass(spentMs);
        const failure = await undecided(submit, { kind: seen, reason: 'why' });
        const isFinal = seen === 'ambiguous' || spentMs > retentionMs;
        expect(failure).toMatchObject({
          nonRetryable: isFinal,
          type: isFinal ? 'DocumentSubmitUnknown' : 'DocumentVendorTrouble',
          details: [{ submits: sent, reason: 'why' }],
        });
      }),
      RUNS,
    );
  });
});
