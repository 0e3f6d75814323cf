import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDocumentActivities } from '../../../src/activities/index.js';
import type { PollOutput } from '../../../src/jobs/activities.js';
import { reducto } from '../../../src/providers/reducto/index.js';
import { memoryStore } from '../../../src/results/index.js';
import { createSandbox } from '../../../src/sandbox/index.js';
import { type DocumentServer, serveDocuments } from '../../support/document-server.js';

let documents: DocumentServer;
beforeAll(async () => {
  documents = await serveDocuments();
});
afterAll(() => documents.close());

const QUIET = new DefaultLogger('ERROR');
const TIMES = { heartbeatTimeoutMs: 60_000, startToCloseTimeoutMs: 600_000 };

/** Submits so many jobs of some six seconds and waits for all of them at once, in real time. */
async function waitFor(jobs: number, sharedReads: 'auto' | 'never') {
  const duration = { baseMs: 6_000, perPageMs: 0, jitter: 0.5 };
  await using sandbox = await createSandbox({ duration });
  const provider = reducto(sandbox.reducto);
  const activities = createDocumentActivities({
    accounts: { [provider.name]: provider },
    results: memoryStore(),
    sharedReads,
  });
  const request = { operation: 'parse', input: documents.url('invoice-packet.pdf') } as const;
  const one = async (index: number): Promise<PollOutput> => {
    const stamp = { marker: index.toString(16).padStart(64, '0') };
    const { jobId } = await provider.submit(request, stamp, {});
    submitted += 1;
    if (submitted === jobs) begin();
    await all;
    const context = new MockActivityEnvironment({ ...TIMES, scheduledTimestampMs: Date.now() }, { logger: QUIET });
    return context.run(() =>
      activities.pollDocumentJob({
        job: { provider: provider.name, account: provider.name, operation: 'parse', jobId },
        windowMs: 60_000,
        elapsedMs: 2_000,
        neverSeen: false,
        collect: { results: 'stored', inlineLimit: 0 },
      }),
    );
  };
  let submitted = 0;
  let begin: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (begin = resolve));
  try {
    const ends = await Promise.all(Array.from({ length: jobs }, (_, index) => one(index)));
    return { ends, counts: sandbox.ledger.counts() };
  } finally {
    await provider.close();
  }
}

it('200 waits take at most 1.2 requests each, and none of a list where they are told never to share', async () => {
  const shared = await waitFor(200, 'auto');
  expect(shared.ends.filter(({ state }) => state === 'completed')).toHaveLength(200);
  expect(shared.counts.lists).toBeGreaterThan(1);
  expect((shared.counts.reads + shared.counts.lists) / 200).toBeLessThanOrEqual(1.2);
  const own = await waitFor(10, 'never');
  expect(own.ends.filter(({ state }) => state === 'completed')).toHaveLength(10);
  expect(own.counts.lists).toBe(0);
  expect(own.counts.reads).toBeGreaterThan(20);
});
