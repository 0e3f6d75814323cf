import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentActivities } from '../../src/activities/index.js';
import type {
  CancelOutput,
  OperationRequest,
  PollInput,
  PollOutput,
  SubmitInput,
  SubmitOutput,
} from '../../src/jobs/activities.js';
import type { Operation } from '../../src/jobs/types.js';
import { readObject } from '../../src/results/read-object.js';
import { createSandbox, type FaultRule, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { activityRun, failureOf, type ActivityRun } from '../support/activity-run.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { VENDORS } from '../support/vendors.js';

let documents: DocumentServer;
beforeAll(async () => {
  documents = await serveDocuments();
});
afterAll(() => documents.close());

interface Scene {
  sandbox: Sandbox;
  /** Whether the vendor gives a way to look for a lost job. */
  looks: boolean;
  run: ActivityRun;
  submit: (request?: Partial<OperationRequest>, over?: Partial<SubmitInput>, attempt?: number) => Promise<SubmitOutput>;
  poll: (jobId: string, over?: Partial<PollInput>, operation?: Operation) => Promise<PollOutput>;
  cancel: (jobId: string) => Promise<CancelOutput>;
}

const faults = (...rules: FaultRule[]): SandboxOptions => ({ faults: rules });

function jobIdOf(reply: SubmitOutput): string {
  if (reply.outcome !== 'accepted') throw new Error(`not accepted: ${reply.reason}`);
  return reply.jobId;
}

describe.each(VENDORS)('$name, against the sandbox', (vendor) => {
  /** The real activities and the real provider against a sandbox that lives by the activities' simulated time. */
  async function scene(options: SandboxOptions, play: (scene: Scene) => Promise<void>): Promise<void> {
    const clock = { now: () => Date.parse('2026-11-24T10:00:00Z') };
    const sandbox = await createSandbox({ now: () => clock.now(), ...options });
    const provider = vendor.provider(sandbox, { listSettleMs: 5_000 });
    const run = activityRun(provider);
    clock.now = run.now;
    const account = { provider: vendor.name, account: vendor.name };
    try {
      await play({
        sandbox,
        looks: provider.findJob !== undefined,
        run,
        submit: (request, over, attempt = 1) =>
          run.run(
            () =>
              run.activities.submitDocumentJob({
                ...account,
                request: { operation: 'parse', input: documents.url('invoice-packet.pdf'), ...request },
                marker: { firstExecutionRunId: 'run', origin: 'a', ordinal: 0, resubmit: 0 },
                lookFirst: 'no' as const,
                since: '2026-11-24T10:00:00.000Z',
                ...over,
              }),
            { attempt, heartbeatTimeoutMs: 45_000 },
          ),
        poll: (jobId, over, operation = 'parse') =>
          run.run(() =>
            run.activities.pollDocumentJob({
              job: { ...account, operation, jobId },
              windowMs: 360_000,
              elapsedMs: 0,
              neverSeen: false,
              collect: { results: 'inline', inlineLimit: 65_536 },
              ...over,
            }),
          ),
        cancel: (jobId) =>
          run.run(() =>
            run.activities.cancelDocumentJob({
              job: { ...account, operation: 'parse', jobId },
              settleMs: 10_000,
            }),
          ),
      });
    } finally {
      await provider.close();
      await sandbox.close();
    }
  }

  it('parses, then extracts and splits from the parsed document', async () => {
    await scene({}, async ({ sandbox, submit, poll, run }) => {
      const parseId = jobIdOf(await submit());
      const parsed = await poll(parseId);
      expect(parsed).toMatchObject({
        state: 'completed',
        result: { kind: 'parse', reference: expect.any(String) as string },
      });
      const { result } = parsed as { result: { reference: string; stored: { key: string }; pageCount: number } };
      const { reference: input, stored, pageCount } = result;
      expect(pageCount).toBeGreaterThan(5);
      const body = JSON.parse(Buffer.from((await readObject(run.store, stored.key)) ?? []).toString()) as unknown;
      expect(body).toHaveProperty(vendor.parsedText);

      const schema = { type: 'object', properties: { invoice_number: { type: 'string' } } };
      const marker = { firstExecutionRunId: 'run', origin: 'a', resubmit: 0 };
      const extractId = jobIdOf(
        await submit({ operation: 'extract', input, schema }, { marker: { ...marker, ordinal: 1 } }),
      );
      const collect = { results: 'inline' as const, inlineLimit: 65_536, schema };
      expect(await poll(extractId, { collect }, 'extract')).toMatchObject({
        result: { kind: 'extract', data: { invoice_number: expect.any(String) as string } },
      });
      const sections = [{ name: 'Line items', description: 'line items with quantities and amounts' }];
      const splitId = jobIdOf(
        await submit({ operation: 'split', input, sections }, { marker: { ...marker, ordinal: 2 } }),
      );
      expect(await poll(splitId, {}, 'split')).toMatchObject({
        result: { kind: 'split', sections: [{ name: 'Line items' }] },
      });
      expect(sandbox.ledger.accepted()).toHaveLength(3);
    });
  });

  it.each(['drop-after-accept', 'truncate-body'] as const)(
    'a reply lost by %s: the job is adopted, or unknown where there is no list; nothing is paid twice',
    async (act) => {
      await scene(faults({ on: 'submit', call: 1, do: act }), async ({ sandbox, submit, looks }) => {
        const reply = await submit();
        if (!looks) {
          expect(reply).toMatchObject({ outcome: 'unknown', posts: 1 });
          expect(sandbox.ledger.accepted()).toHaveLength(1);
          return;
        }
        expect(reply).toMatchObject({ outcome: 'accepted', adopted: true, posts: 1 });
        expect(sandbox.ledger.accepted().map((job) => job.jobId)).toEqual([jobIdOf(reply)]);
      });
    },
  );

  it('a 503 that accepted the job all the same, in a list that takes its time: adopted', async () => {
    const options = {
      ...faults({ on: 'submit', call: 1, do: { status: 503, accept: true } }),
      reducto: { listSettleMs: 3_000 },
    };
    await scene(options, async ({ sandbox, submit, run, looks }) => {
      expect(await submit()).toMatchObject(looks ? { outcome: 'accepted', adopted: true } : { outcome: 'unknown' });
      expect(sandbox.ledger.accepted()).toHaveLength(1);
      if (!looks) return;
      expect(run.elapsed()).toBeGreaterThanOrEqual(3_000);
    });
  });

  it.each(['html-502', 'drop-before-accept'] as const)(
    '%s that accepted nothing: looked for, then one more POST',
    async (act) => {
      await scene(faults({ on: 'submit', call: 1, do: act }), async ({ sandbox, submit, run, looks }) => {
        expect(await submit()).toMatchObject({ outcome: looks ? 'not_accepted' : 'unknown', posts: 1 });
        expect(await submit({}, { lookFirst: 'resubmit' as const })).toMatchObject({
          outcome: 'accepted',
          adopted: false,
        });
        expect(sandbox.ledger.accepted()).toHaveLength(1);
        expect(sandbox.ledger.counts().submits).toBe(2);
        expect(run.elapsed()).toBeLessThanOrEqual(9_000);
      });
    },
  );

  it('an attempt after one that died adopts its job', async () => {
    await scene({}, async ({ sandbox, submit, looks }) => {
      const first = jobIdOf(await submit());
      expect(await submit({}, {}, 2)).toMatchObject(
        looks ? { jobId: first, adopted: true } : { outcome: 'unknown', posts: 1 },
      );
      expect(sandbox.ledger.accepted()).toHaveLength(1);
    });
  });

  it('does not adopt a job that was cancelled', async () => {
    await scene({}, async ({ sandbox, submit, cancel, looks }) => {
      const first = jobIdOf(await submit());
      await cancel(first);
      if (!looks) return expect(await submit({}, {}, 2)).toMatchObject({ outcome: 'unknown' });
      expect(jobIdOf(await submit({}, {}, 2))).not.toBe(first);
      expect(sandbox.ledger.accepted()).toHaveLength(2);
    });
  });

  it('429 is waited out', async () => {
    await scene(faults({ on: 'submit', call: 1, do: 'rate-limited' }), async ({ sandbox, submit }) => {
      expect(await submit()).toMatchObject({ outcome: 'not_accepted', posts: 1 });
      expect(sandbox.ledger.accepted()).toHaveLength(0);
    });
  });

  it('a wrong key is DocumentAccountRefused', async () => {
    await scene({}, async ({ sandbox, run }) => {
      const stranger = vendor.provider(sandbox, { apiKey: 'wrong' });
      const activities = createDocumentActivities({ accounts: { [vendor.name]: stranger }, results: run.store });
      const submitted = run.run(() =>
        activities.submitDocumentJob({
          provider: vendor.name,
          account: vendor.name,
          request: { operation: 'parse', input: documents.url('invoice-packet.pdf') },
          marker: { firstExecutionRunId: 'run', origin: 'a', ordinal: 0, resubmit: 0 },
          lookFirst: 'no' as const,
          since: '2026-11-24T10:00:00.000Z',
        }),
      );
      expect(await failureOf(submitted)).toMatchObject({
        type: 'DocumentAccountRefused',
        details: { httpStatus: 401, operation: 'parse' },
      });
      await stranger.close();
    });
  });

  it('an encrypted document is DocumentSubmitRejected with the vendor’s words', async () => {
    const { status, code, body } = vendor.encrypted;
    await scene(faults({ on: 'submit', do: { status, body } }), async ({ submit }) => {
      expect(await failureOf(submit())).toMatchObject({
        type: 'DocumentSubmitRejected',
        details: {
          httpStatus: status,
          vendorCode: code,
          reason: expect.stringContaining('password needed') as string,
        },
      });
    });
  });

  it('a parsed document that the vendor has forgotten is DocumentReferenceExpired', async () => {
    await scene({}, async ({ submit }) => {
      const input = vendor.forgotten;
      const sections = [{ name: 'a', description: 'b' }];
      expect(await failureOf(submit({ operation: 'split', input, sections }))).toMatchObject({
        type: 'DocumentReferenceExpired',
        details: { reference: input },
      });
    });
  });

  it('a reply without a job id is DocumentReplyInvalid, sent once', async () => {
    await scene(faults({ on: 'submit', do: { status: 200, body: { id: 7 } } }), async ({ sandbox, submit }) => {
      expect(await failureOf(submit())).toMatchObject({
        type: 'DocumentReplyInvalid',
        details: { endpoint: expect.stringContaining(vendor.parsePath) as string, field: 'job_id' },
      });
      expect(sandbox.ledger.counts().submits).toBe(1);
    });
  });

  it('404 is lost, or not found when nobody has seen the job', async () => {
    await scene(faults({ job: 'vanished' }), async ({ submit, poll }) => {
      const jobId = jobIdOf(await submit());
      expect(await poll(jobId)).toMatchObject({ state: 'lost' });
      expect(await poll(jobId, { neverSeen: true })).toMatchObject({ state: 'not_found' });
    });
  });

  it.each([
    ['dropped', 'drop-before-accept'],
    ['truncated', 'truncate-body'],
    ['HTML', 'html-502'],
    ['429', 'rate-limited'],
    ['401', { status: 401, body: { detail: 'Invalid access token' } }],
  ] as const)('reads answered by %s are waited out', async (_name, act) => {
    await scene(faults({ on: 'get', call: { from: 1, to: 3 }, do: act }), async ({ submit, poll }) => {
      expect(await poll(jobIdOf(await submit()))).toMatchObject({ state: 'completed', reads: 4 });
    });
  });

  it('a failed job keeps the vendor’s code and words', async () => {
    const failed = { name: 'DOCUMENT_CORRUPT', message: 'cannot read the page tree' };
    await scene(faults({ job: { failed } }), async ({ submit, poll }) => {
      expect(await poll(jobIdOf(await submit()))).toMatchObject({
        state: 'failed',
        error: { code: 'DOCUMENT_CORRUPT', transient: false },
      });
    });
  });

  it('a cancel that wins', async () => {
    await scene(faults({ job: 'stuck' }), async ({ sandbox, submit, cancel }) => {
      expect(await cancel(jobIdOf(await submit()))).toMatchObject({ outcome: 'cancelled' });
      expect(sandbox.ledger.jobs().map((job) => job.state)).toEqual(['Cancelled']);
    });
  });

  it('a cancel that loses the race keeps the paid body', async () => {
    await scene(faults({ job: { cancel: 'completes-first' } }), async ({ submit, cancel, run }) => {
      const jobId = jobIdOf(await submit());
      const key = `${vendor.name}/${vendor.name}/parse/${jobId}.json`;
      expect(await cancel(jobId)).toMatchObject({ outcome: 'completed_anyway', stored: { key } });
      expect(await run.store.head(key)).not.toBeNull();
    });
  });

  it('a cancel that is ignored ends as unknown, not as cancelled', async () => {
    await scene(faults({ job: 'stuck' }, { job: { cancel: 'ignored' } }), async ({ submit, cancel, run }) => {
      expect(await cancel(jobIdOf(await submit()))).toMatchObject({ outcome: 'unknown' });
      expect(run.elapsed()).toBeGreaterThanOrEqual(10_000);
    });
  });
});
