import type { Context } from '@temporalio/activity';
import { describe, expect, it } from 'vitest';
import type { PollInput } from '../../../src/jobs/activities.js';
import { createSharedReader } from '../../../src/activities/shared-reads/shared-reader.js';
import { vendorError } from '../../support/fake-provider.js';
import { listedVendor, type VendorJob } from '../../support/listed-vendor.js';
import { pollCrowd, type PollCrowd, traffic } from '../../support/poll-crowd.js';
import { virtualTime } from '../../support/virtual-time.js';

const MINUTE = 60_000;

/** Jobs of the same age that end one after the other, with a window each. */
function crowdOf(
  crowd: PollCrowd,
  jobs: number,
  over: (index: number) => Partial<VendorJob> = () => ({}),
  input: Partial<PollInput> = {},
) {
  const made = Array.from({ length: jobs }, (_, index) =>
    crowd.vendor.add({ id: `job-${index}`, madeAt: -MINUTE + index, endsAt: 5_000 + 20 * index, ...over(index) }),
  );
  return waitForAll(crowd, made, input);
}

/** 150 jobs that lie some ten pages down in a list of 24, and end one after the other, with a window each. */
function deepCrowd(crowd: PollCrowd) {
  const isWanted = (index: number): boolean => index >= 5_000 && index < 6_500 && index % 10 === 0;
  const endsAt = (index: number): number => (isWanted(index) ? 1_000 + 40 * (index - 5_000) : 0);
  const all = Array.from({ length: 12_000 }, (_, index) =>
    crowd.vendor.add({ id: `job-${index}`, madeAt: -480_000 + 40 * index, endsAt: endsAt(index) }),
  );
  return waitForAll(
    crowd,
    all.filter((_, index) => isWanted(index)),
  );
}

async function waitForAll({ time, vendor, poll }: PollCrowd, made: VendorJob[], input: Partial<PollInput> = {}) {
  const ends = await time.run(Promise.all(made.map((job) => poll(job, input))));
  const readsOf = ({ id }: VendorJob): number[] => vendor.reads.get(id) ?? [];
  return {
    made,
    ends,
    readsOf,
    reads: made.reduce((sum, job) => sum + readsOf(job).length, 0),
    /** From the end of each job until it was read, ms. */
    lags: made.map((job) => (readsOf(job).at(-1) ?? NaN) - job.endsAt),
  };
}

describe('many waits of one account', () => {
  it.each([
    ['cursors that name a job', { shifts: false }],
    ['cursors that name a place: the list shifts between pages', { shifts: true }],
  ])('are answered by sweeps, each within one of them; %s', async (_, options) => {
    const crowd = pollCrowd(options);
    const figures = await traffic(crowd, { jobs: 500, rate: 40, durationMs: () => MINUTE });
    expect(figures.requests).toBeLessThanOrEqual(1.2);
    expect(figures.p50).toBeLessThan(1_000);
    expect(figures.p99).toBeLessThan(2_000);
    expect(figures.most).toBeLessThan(3_000);
    expect(crowd.vendor.pages.every(({ limit }) => limit === 500)).toBe(true);
  });

  it('deep in the list cost little more: pages of younger jobs are seldom read', async () => {
    const crowd = pollCrowd();
    const { ends, reads, lags } = await deepCrowd(crowd);
    expect(ends.every(({ state }) => state === 'failed')).toBe(true);
    expect(Math.max(...lags)).toBeLessThan(4_000);
    expect(reads).toBeLessThan(200);
    const { pages } = crowd.vendor;
    // One from the top to begin with, and one every half minute.
    expect(pages.filter(({ cursor }) => cursor === undefined).length).toBeLessThanOrEqual(4);
    expect(pages.length).toBeGreaterThan(60);
  });

  it('take far fewer requests than windows that read by themselves', async () => {
    const own = await traffic(pollCrowd({ shared: false }), { jobs: 200, rate: 20, durationMs: () => MINUTE });
    const shared = await traffic(pollCrowd(), { jobs: 200, rate: 20, durationMs: () => MINUTE });
    expect(own.requests).toBeGreaterThan(4);
    expect(shared.requests).toBeLessThan(1.2);
    expect(shared.p99).toBeLessThan(own.p99);
  });

  it('are told in their heartbeats and at their end what the list says', async () => {
    const crowd = pollCrowd();
    const { ends, reads } = await crowdOf(crowd, 40, () => ({ endsAt: 60 * MINUTE }));
    expect(ends[7]).toMatchObject({
      state: 'pending',
      reads: 0,
      snapshot: { status: 'running', vendorStatus: 'RUNNING' },
    });
    expect(reads).toBeLessThan(10);
    expect(ends.every((end) => end.state === 'pending' && end.snapshot !== null)).toBe(true);
    expect(crowd.time.elapsed()).toBe(360_000);
  });

  it('that could not be read are out of trouble when the list shows them running', async () => {
    const crowd = pollCrowd();
    crowd.vendor.faults.read = () => {
      throw vendorError('server');
    };
    const { ends } = await crowdOf(crowd, 40, () => ({ endsAt: 60 * MINUTE }), { neverSeen: true });
    expect(ends.map(({ reads }) => reads)).toEqual(Array(40).fill(1));
    expect(ends.filter((end) => end.state !== 'pending' || end.trouble !== undefined)).toEqual([]);
  });

  it('have been seen when the list has shown them: gone afterwards, they are lost, not unknown', async () => {
    const crowd = pollCrowd();
    const { provider, faults } = crowd.vendor;
    faults.read = () => {
      throw vendorError('server');
    };
    const get = provider.get.bind(provider);
    Object.assign(provider, {
      get: (...args: Parameters<typeof get>) => (crowd.time.elapsed() < 10_000 ? get(...args) : Promise.resolve(null)),
    });
    const { ends } = await crowdOf(crowd, 20, () => ({ endsAt: 15_000 }), { neverSeen: true });
    expect(new Set(ends.map(({ state }) => state))).toEqual(new Set(['lost']));
  });

  it('measure their lag and their requests', async () => {
    const crowd = pollCrowd();
    const { reads } = await crowdOf(crowd, 50);
    expect(crowd.metrics.document_jobs_wait_lag).toHaveLength(50);
    const kinds = crowd.metrics.document_jobs_reads?.map(({ tags }) => tags.kind) ?? [];
    expect(kinds.filter((kind) => kind === 'single')).toHaveLength(reads);
    expect(kinds.filter((kind) => kind === 'sweep_page')).toHaveLength(crowd.vendor.pages.length);
  });
});

describe('a wait', () => {
  it('alone reads by itself, and asks for no list', async () => {
    const shared = pollCrowd();
    const own = pollCrowd({ shared: false });
    const [a, b] = [await crowdOf(shared, 1), await crowdOf(own, 1)];
    expect(shared.vendor.pages).toEqual([]);
    expect(a.readsOf(a.made[0]!)[0]).toBe(0);
    expect(Math.abs(a.reads - b.reads)).toBeLessThanOrEqual(1);
  });

  it.each([
    ['nobody has seen', { neverSeen: true }, {}],
    ['the vendor has called for', { webhook: 'called' as const }, {}],
    ['an earlier attempt has waited for', {}, { attempt: 2 }],
    ['may lose its result', { elapsedMs: 30 * MINUTE }, { priority: { priorityKey: 1 } }],
    ['is looked at once only', { windowMs: 0 }, {}],
  ])('for a job that %s looks at once, among many', async (_, over, info) => {
    const crowd = pollCrowd();
    const { time, vendor } = crowd;
    const others = Array.from({ length: 40 }, (__, index) =>
      crowd.poll(vendor.add({ id: `other-${index}`, madeAt: -MINUTE, endsAt: 20_000 })),
    );
    const job = vendor.add({ id: 'job', madeAt: -MINUTE, endsAt: 20_000 });
    await time.run(
      time
        .sleep(5_200)
        .then(() => void others.push(crowd.poll(job, over, { info })), undefined)
        .then(() => time.sleep(50)),
    );
    expect(vendor.reads.get('job')).toEqual([5_200]);
    await time.run(Promise.all(others));
  });

  it('that is cancelled leaves at once, and sweeps stop with the last one', async () => {
    const crowd = pollCrowd({ latencyMs: 400 });
    const { time, vendor } = crowd;
    const reason = new Error('cancelled');
    const controllers = Array.from({ length: 30 }, () => new AbortController());
    const polls = controllers.map(({ signal }, index) => {
      const job = vendor.add({ id: `job-${index}`, madeAt: -MINUTE, endsAt: 60 * MINUTE });
      return crowd.poll(job, {}, { signal }).catch((error: unknown) => error);
    });
    await time.run(time.sleep(10_100));
    const before = vendor.pages.length;
    expect(before).toBeGreaterThan(3);
    for (const controller of controllers) controller.abort(reason);
    expect(await time.run(Promise.all(polls))).toEqual(Array(30).fill(reason));
    expect(time.elapsed()).toBe(10_100);
    expect(time.sleepers()).toBe(0);
    await time.run(time.sleep(MINUTE));
    expect(vendor.pages.length).toBe(before);
  });

  it('leaves nothing behind, nor do 100,000 of them', async () => {
    const time = virtualTime();
    const { provider, pages } = listedVendor(time);
    const reader = createSharedReader(time.clock, (work) => work());
    const { signal } = new AbortController();
    const context = { cancellationSignal: signal, info: {} } as unknown as Context;
    const rates = () => ({ read: Infinity, list: Infinity });
    for (let round = 0; round < 1_000; round++) {
      const turns = await Promise.all(
        Array.from({ length: 100 }, (_, index) => {
          const job = { provider: 'fake', account: 'fake', operation: 'parse', jobId: `${round}-${index}` } as const;
          return reader.join({
            context,
            job,
            elapsedMs: MINUTE,
            sighted: () => undefined,
            provider,
            atOnce: false,
            rates,
          });
        }),
      );
      expect(reader.size).toBe(100);
      for (const one of turns) one.leave();
      for (const one of turns) one.leave();
      expect(reader.size).toBe(0);
    }
    await time.run(time.sleep(MINUTE));
    expect(time.sleepers()).toBe(0);
    expect(pages.length).toBeLessThanOrEqual(1_000);
  });
});

describe('a list that does not help', () => {
  it('lacks a job: the job is read by itself, is looked for in two sweeps and no deeper than it can be', async () => {
    const crowd = pollCrowd();
    for (let index = 0; index < 3_000; index++) crowd.vendor.add({ id: `old-${index}`, madeAt: -3_600_000, endsAt: 0 });
    const hides = (index: number) => ({ hidden: index === 50, endsAt: 30_000 });
    const { readsOf, made, lags, ends } = await crowdOf(crowd, 100, hides);
    expect(ends.every(({ state }) => state === 'failed')).toBe(true);
    expect(readsOf(made[50]!).length).toBeGreaterThan(3);
    expect(made.filter((job) => readsOf(job).length > 1).length).toBeLessThanOrEqual(5);
    expect(Math.max(...lags)).toBeLessThan(5_000);
    const secondPages = crowd.vendor.pages.filter(({ cursor }) => cursor !== undefined);
    expect(secondPages).toHaveLength(2);
  });

  it.each([
    ['403', vendorError('auth', { httpStatus: 403 })],
    ['404 or 422', vendorError('rejected')],
  ])('is refused with %s: single reads, and another try after ten minutes', async (_, error) => {
    const crowd = pollCrowd();
    crowd.vendor.faults.list = () => {
      throw error;
    };
    const { ends } = await crowdOf(crowd, 100, () => ({ endsAt: 5 * MINUTE }));
    expect(ends.every(({ state }) => state === 'failed')).toBe(true);
    expect(crowd.vendor.pages).toHaveLength(1);
    await crowd.time.run(crowd.time.sleep(5 * MINUTE));
    delete crowd.vendor.faults.list;
    const again = await crowdOf(crowd, 100, (index) => ({
      id: `again-${index}`,
      endsAt: crowd.time.elapsed() + MINUTE,
    }));
    expect(crowd.vendor.pages.length).toBeGreaterThan(10);
    expect(again.reads).toBeLessThan(150);
  });

  it.each([
    ['fails', vendorError('server')],
    ['times out', vendorError('unreachable')],
    ['refuses a key that is being changed', vendorError('auth', { httpStatus: 401 })],
  ])('%s for a minute: single reads at their own pace, then sweeps again', async (_, error) => {
    const crowd = pollCrowd();
    crowd.vendor.faults.list = () => {
      if (crowd.time.elapsed() < MINUTE) throw error;
    };
    const { ends, lags } = await crowdOf(crowd, 100, (index) => ({ endsAt: 20_000 + 1_500 * index }));
    expect(ends.every(({ state }) => state === 'failed')).toBe(true);
    const early = crowd.vendor.pages.filter(({ at }) => at < MINUTE);
    expect(early.length).toBeLessThanOrEqual(6);
    expect(crowd.vendor.pages.length).toBeGreaterThan(early.length + 10);
    expect(Math.max(...lags)).toBeLessThan(9_000);
  });

  it('asks for peace: it has it', async () => {
    const crowd = pollCrowd();
    crowd.vendor.faults.list = (_, nth) => {
      if (nth === 3) throw vendorError('rate_limited', { retryAfterMs: 45_000 });
    };
    await crowdOf(crowd, 100, () => ({ endsAt: 2 * MINUTE }));
    const times = crowd.vendor.pages.map(({ at }) => at);
    expect((times[3] ?? 0) - (times[2] ?? 0)).toBeGreaterThanOrEqual(45_000);
  });

  it('refuses cursors of an earlier sweep: sweeps begin at the top', async () => {
    const crowd = pollCrowd();
    let askedTop = 0;
    let refused = 0;
    crowd.vendor.faults.list = (cursor) => {
      if (cursor === undefined) askedTop = crowd.time.elapsed();
      else if (crowd.time.elapsed() - askedTop > 1_000) {
        refused += 1;
        throw vendorError('rejected');
      }
    };
    const { reads, lags } = await deepCrowd(crowd);
    expect(refused).toBe(1);
    expect(reads).toBeLessThan(200);
    // The last few are not worth so deep a sweep.
    expect(Math.max(...lags.slice(0, 100))).toBeLessThan(5_000);
    expect(crowd.vendor.pages.filter(({ cursor }) => cursor === undefined).length).toBeGreaterThan(10);
  });

  it('says that a job has ended which denies it: the job is read at its own pace', async () => {
    const crowd = pollCrowd();
    const { provider } = crowd.vendor;
    const denies = new Set(['job-3']);
    const get = provider.get.bind(provider);
    const list = provider.listJobs!.bind(provider);
    Object.assign(provider, {
      get,
      async listJobs(...args: Parameters<typeof list>) {
        const page = await list(...args);
        const jobs = page.jobs.map((job) => (denies.has(job.jobId) ? { ...job, status: 'completed' as const } : job));
        return { ...page, jobs };
      },
    });
    const { readsOf, made } = await crowdOf(crowd, 60, () => ({ endsAt: 2 * MINUTE }));
    const times = readsOf(made[3]!);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(10);
    expect(Math.min(...gaps)).toBeGreaterThan(2_500);
  });
});

describe('a vendor without a list', () => {
  it('is read evenly, within what the account may', async () => {
    const crowd = pollCrowd({ hasList: false, quota: { readsPerSecond: 50 } });
    const { ends, lags } = await crowdOf(crowd, 400, (index) => ({ endsAt: MINUTE + 100 * index }));
    expect(ends.every(({ state }) => state === 'failed')).toBe(true);
    const all = [...crowd.vendor.reads.values()].flat().sort((a, b) => a - b);
    const most = Math.max(...all.map((at, index) => all.findIndex((other) => other > at + 1_000) - index));
    expect(most).toBeLessThanOrEqual(50);
    // 400 waits at 45 reads a second take nine seconds for a round.
    expect(Math.max(...lags)).toBeLessThan(13_000);
  });

  it('is not flooded when many windows open at once, where no limit is known', async () => {
    const crowd = pollCrowd({ hasList: false });
    await crowdOf(crowd, 400, () => ({ endsAt: 20_000 }));
    const all = [...crowd.vendor.reads.values()].flat();
    const perSecond = Array.from(
      { length: 20 },
      (_, second) => all.filter((at) => Math.floor(at / 1_000) === second).length,
    );
    // One read in three seconds each, spread.
    expect(Math.max(...perSecond)).toBeLessThan(1_000);
    expect(Math.max(...perSecond.slice(4))).toBeLessThan(280);
  });
});
