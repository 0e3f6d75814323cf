import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentActivities, memoryStore, pulse, reducto } from '../../../src/index.js';
import type { PollInput, PollOutput } from '../../../src/jobs/activities.js';
import type { Provider } from '../../../src/providers/provider.js';
import type { Quota } from '../../../src/providers/quota.js';
import { createSandbox, type Sandbox } from '../../../src/sandbox/index.js';
import { type DocumentServer, serveDocuments } from '../../support/document-server.js';
import { VENDORS } from '../../support/vendors.js';

const SECOND = 1_000;
const QUIET = new DefaultLogger('ERROR');

let documents: DocumentServer;
beforeAll(async () => void (documents = await serveDocuments()));
afterAll(() => documents.close());

const PROVIDERS = {
  reducto: (sandbox: Sandbox, quota: Partial<Quota>): Provider => reducto({ ...sandbox.reducto, quota }),
  pulse: (sandbox: Sandbox, quota: Partial<Quota>): Provider => pulse({ ...sandbox.pulse, quota }),
};

/**
 * Waits for so many running jobs at once, each by an activity of its own on one worker that reads them singly.
 * @returns what becomes of each, once they have begun.
 */
async function waitsFor(
  vendor: keyof typeof PROVIDERS,
  sandbox: Sandbox,
  count: number,
  quota: Partial<Quota>,
): Promise<{ ended: Promise<PollOutput[]> }> {
  const url = documents.add('note.txt', Buffer.from('Invoice 17\n\nTotal 12.00 EUR\n'));
  const provider = PROVIDERS[vendor](sandbox, quota);
  const activities = createDocumentActivities({
    accounts: { [vendor]: provider },
    results: memoryStore(),
    sharedReads: 'never',
  });
  const described = VENDORS.find(({ name }) => name === vendor)!;
  const jobs = await Promise.all(Array.from({ length: count }, () => described.parse(sandbox, url)));
  const ended = Promise.all(
    jobs.map((jobId, nth) => {
      const job = { provider: vendor, account: vendor, operation: 'parse' as const, jobId };
      const collect = { results: 'stored' as const, inlineLimit: 0 };
      const input = { job, windowMs: 90 * SECOND, elapsedMs: 0, neverSeen: false, collect };
      const env = new MockActivityEnvironment(
        { activityId: `${nth}`, heartbeatTimeoutMs: 60 * SECOND },
        { logger: QUIET },
      );
      return env.run<[PollInput], PollOutput, (given: PollInput) => Promise<PollOutput>>(
        activities.pollDocumentJob,
        input,
      );
    }),
  );
  return { ended };
}

const states = (outputs: readonly PollOutput[]) => new Set(outputs.map(({ state }) => state));
const reads = ({ ledger }: Sandbox): number => ledger.counts().reads;

describe('two hundred waits under a quota of sixty reads a second', () => {
  it('go on, and not one read is answered by 429', async () => {
    const limits = { readsPerSecond: 60 };
    await using sandbox = await createSandbox({ duration: { baseMs: 9 * SECOND, perPageMs: 0, jitter: 0.1 } });
    sandbox.limits.set(limits);
    const { ended } = await waitsFor('reducto', sandbox, 200, limits);
    await sleep(SECOND);
    const [before, began] = [reads(sandbox), performance.now()];
    await sleep(6 * SECOND);
    const perSecond = (reads(sandbox) - before) / ((performance.now() - began) / SECOND);
    // How well the quota is used is tested in simulated time: a busy machine's timers come late.
    expect(perSecond).toBeGreaterThanOrEqual(5);
    expect(perSecond).toBeLessThanOrEqual(60);
    expect(states(await ended)).toEqual(new Set(['completed']));
    expect(sandbox.limits.refused()).toEqual({ requestsPerSecond: 0, readsPerSecond: 0 });
  }, 90_000);
});

describe.each(['reducto', 'pulse'] as const)('with %s', (vendor) => {
  it('a quota that is cut to a tenth in mid-run, unannounced, is found, and every wait ends well', async () => {
    await using sandbox = await createSandbox({ duration: { baseMs: 12 * SECOND, perPageMs: 0, jitter: 0.1 } });
    const { ended } = await waitsFor(vendor, sandbox, 100, { readsPerSecond: 100 });
    await sleep(2 * SECOND);
    const refused = (): number => sandbox.limits.refused().readsPerSecond;
    sandbox.limits.set({ readsPerSecond: 10 });
    await sleep(4 * SECOND);
    const [found, asked] = [refused(), reads(sandbox)];
    await sleep(5 * SECOND);
    // Steps above the limit are small: a refusal now and then, of ten times as many that were wanted. A box that stalls sends some at once.
    expect(refused() - found).toBeLessThanOrEqual((reads(sandbox) - asked) / 3);
    expect(found).toBeGreaterThan(0);
    sandbox.limits.set({ readsPerSecond: null });
    expect(states(await ended)).toEqual(new Set(['completed']));
  }, 120_000);
});
