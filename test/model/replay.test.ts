import { describe, expect, it } from 'vitest';
import { replay, violationsUnder } from './replay.js';
import type { Schedule } from './schedule.js';
import { endingOf } from './seen.js';

const lostReply: Schedule = {
  vendor: 'reducto',
  asks: 'parse',
  options: {},
  vendorHas: { listLagMs: 4_900 },
  events: [{ on: 'submit', of: 'parse', nth: 1, do: 'reply lost' }],
};
const cancelled: Schedule = {
  vendor: 'pulse',
  asks: 'extract and split',
  options: {},
  vendorHas: {},
  events: [{ on: 'submit', of: 'split', nth: 1, do: 'user cancels in the sleep after it' }],
};

describe('schedules', () => {
  it('a submit’s reply is lost, and so is its attempt while it looks: the job is adopted by the next one', async () => {
    const seen = await replay({
      ...lostReply,
      events: [...lostReply.events, { on: 'list', of: 'parse', nth: 2, do: 'attempt dies after it' }],
    });
    expect(seen.fired).toHaveLength(2);
    expect(seen.receipt?.jobs).toMatchObject([{ adopted: true, submits: 1, outcome: 'completed' }]);
  });

  it('the user cancels while both jobs are waited for, and one completes first', async () => {
    const seen = await replay({
      ...cancelled,
      events: [...cancelled.events, { on: 'cancel', of: 'extract', nth: 1, do: 'job completes first' }],
    });
    expect(seen.end.kind).toBe('cancelled');
    const outcomes = seen.receipt?.jobs.map(({ operation, outcome }) => `${operation} ${outcome}`);
    expect(outcomes?.sort()).toEqual(['extract completed_anyway', 'parse completed', 'split cancelled']);
  });

  it('the parse is forgotten, and its repair loses its worker in mid-copy', async () => {
    const seen = await replay({
      vendor: 'pulse',
      asks: 'extract',
      options: { results: 'stored' },
      vendorHas: { urlResults: true },
      events: [
        { on: 'submit', of: 'extract', nth: 1, do: 'input is forgotten' },
        { on: 'fetch', of: 'parse', nth: 2, do: 'attempt dies after it' },
      ],
    });
    expect(seen.fired).toHaveLength(2);
    expect(endingOf(seen.end)).toBe('DocumentReferenceExpired');
  });

  it('a worker shuts down while it reads: the job goes on, and the next one finds it done', async () => {
    const seen = await replay({
      ...cancelled,
      events: [
        { on: 'get', of: 'extract', nth: 1, do: 'job runs on' },
        { on: 'get', of: 'extract', nth: 1, do: 'worker restarts before it' },
      ],
    });
    expect(seen.fired.length).toBeGreaterThanOrEqual(1);
    expect(seen.cancels).toBe(0);
    expect(endingOf(seen.end)).toBe('complete');
  });

  it('an attempt dies after its copy: the next one still learns the price, which stands at the URL’s pointer', async () => {
    const seen = await replay({
      vendor: 'pulse',
      asks: 'extract',
      options: {},
      vendorHas: { urlResults: true },
      events: [{ on: 'put', of: 'extract', nth: 1, do: 'attempt dies after it' }],
    });
    expect(seen.fired).toHaveLength(1);
    expect(seen.receipt?.jobs.map(({ credits }) => credits)).not.toContain(null);
  });

  it('a job never ends, and nobody calls: it is looked at no more often than without webhooks', async () => {
    const endless: Schedule = {
      vendor: 'pulse',
      asks: 'split',
      options: {},
      vendorHas: { calls: true },
      events: [{ on: 'get', of: 'split', nth: 1, do: 'job never ends' }],
    };
    expect(endingOf((await replay(endless)).end)).toBe('DocumentJobDeadlineExceeded');
  });

  it('the vendor calls before its submit is answered: one read, and no sleep', async () => {
    const seen = await replay({
      ...lostReply,
      vendorHas: { calls: true },
      events: [{ on: 'submit', of: 'parse', nth: 1, do: 'vendor calls before the reply' }],
    });
    expect(seen.fired).toHaveLength(1);
    expect(seen.reads).toBe(1);
    expect(seen.told).not.toContain('timerStartedEventAttributes');
  });

  it('are played the same each time', async () => {
    const schedule: Schedule = {
      vendor: 'reducto',
      asks: 'extract and split',
      options: { maxResubmits: 2, window: '2m' },
      vendorHas: { urlResults: true },
      events: [
        { on: 'submit', of: 'parse', nth: 1, do: 'worker restarts after it' },
        { on: 'get', of: 'extract', nth: 1, do: 'job fails for now' },
        { on: 'put', of: 'split', nth: 1, do: 'store in trouble after the write' },
        { on: 'submit', of: 'extract', nth: 2, do: 'done, but 503' },
      ],
    };
    const [first, second] = [await replay(schedule), await replay(schedule)];
    expect(first.fired).toHaveLength(4);
    expect(second.fired.map((one) => JSON.stringify(one)).sort()).toEqual(
      first.fired.map((one) => JSON.stringify(one)).sort(),
    );
    const outcomes = ({ receipt }: typeof first) =>
      receipt?.jobs.map(({ operation, outcome }) => `${operation} ${outcome}`).sort();
    expect(outcomes(second)).toEqual(outcomes(first));
  });
});

describe('the model notices a package', () => {
  it('that looks for lost jobs and never finds them', async () => {
    const found = await violationsUnder(lostReply, (provider) => ({ ...provider, findJob: async () => null }));
    expect(found.join()).toMatch(/G1: 2 jobs for one parse/);
  });

  it('that posts again what may have been accepted', async () => {
    const found = await violationsUnder({ ...lostReply, events: [] }, (provider) => ({
      ...provider,
      submit: async (...args) => {
        await provider.submit(...args);
        return provider.submit(...args);
      },
    }));
    expect(found.join()).toMatch(/G1: 1 parse jobs are in no receipt/);
  });

  it('that believes in cancels which it never sent', async () => {
    const found = await violationsUnder(
      { ...cancelled, events: [...cancelled.events, { on: 'get', of: 'split', nth: 1, do: 'job never ends' }] },
      (provider) => ({ ...provider, cancel: async () => true }),
    );
    expect(found.join()).toMatch(/G3: a split is left running/);
  });

  it('that tells what the document says', async () => {
    const found = await violationsUnder({ ...lostReply, events: [] }, (provider) => ({
      ...provider,
      interpret: (operation, jobId, body) => ({
        ...provider.interpret(operation, jobId, body),
        reference: JSON.stringify(body),
      }),
    }));
    expect(found.join()).toMatch(/G5/);
  });
});
