import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { type DocumentFailure, findDocumentFailure } from '../../src/jobs/failures.js';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { DocumentJobsStatus, Receipt } from '../../src/jobs/types.js';
import { createDocumentActivities, memoryStore, STATUS_QUERY } from '../../src/index.js';
import type { DocumentActivities } from '../../src/jobs/activities.js';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { createHarness, type Harness, type HarnessOptions, SINGLE_READS, withHarness } from '../support/harness.js';
import { createTimeSkipping } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
let harness: Harness | undefined;

beforeAll(async () => {
  [env, documents] = await Promise.all([createTimeSkipping(), serveDocuments()]);
});
afterAll(async () => {
  await documents.close();
  await env.teardown();
});

/** Nothing was sent again, and the receipt shows the POST that may be billed. */
function expectUnknown({ failure, receipt }: { failure: DocumentFailure | undefined; receipt: Receipt }): void {
  expect(failure).toMatchObject({ type: 'DocumentSubmitUnknown', details: { submits: 1 } });
  expect(receipt.jobs).toMatchObject([{ jobId: null, submits: 1, unknownSubmits: 1, outcome: 'unknown' }]);
}

describe.each(VENDORS)('with $name', (vendor) => {
  /** Parses one document under the given sandbox; the workflow's end, its receipt and what the ledger has of it. */
  async function parse(options: SandboxOptions, input: object = {}, over: HarnessOptions = {}) {
    harness = await createHarness(env, { sandbox: options, vendor, ...over });
    try {
      const source = documents.url('invoice-packet.pdf');
      const handle = await harness.start('processDocument', {
        source,
        provider: vendor.name,
        polling: SINGLE_READS,
        ...input,
      });
      const end = (await handle.result().catch((error: unknown) => error)) as ProcessDocumentResult | Error;
      const failure = findDocumentFailure(end);
      const receipt = (end instanceof Error ? (await handle.describe()).memo?.documentReceipt : end.receipt) as Receipt;
      return {
        failure,
        receipt,
        accepted: harness.sandbox.ledger.accepted('parse'),
        submits: harness.sandbox.ledger.submits(),
        /** Whether the vendor gives a way to look for a lost job. */
        looks: vendor.provider(harness.sandbox).findJob !== undefined,
      };
    } finally {
      await harness.close();
    }
  }

  describe('a submit whose reply is lost', () => {
    it.each([
      ['the connection dropped', 'drop-after-accept'],
      ['the reply was cut off', 'truncate-body'],
      ['a 503 came instead', { status: 503, accept: true }],
    ] as const)(
      'is found in the job list and adopted, or ends unknown where there is no list: %s',
      async (_name, fault) => {
        const { accepted, receipt, failure, looks } = await parse({ faults: [{ on: 'submit', call: 1, do: fault }] });
        expect(accepted).toHaveLength(1);
        if (!looks) return expectUnknown({ failure, receipt });
        expect(receipt.jobs).toMatchObject([
          { jobId: accepted[0]?.jobId, adopted: true, submits: 1, outcome: 'completed' },
        ]);
      },
    );

    it.each([['drop-before-accept'], ['html-502']] as const)(
      'is sent again when no job is there: %s',
      async (fault) => {
        const { accepted, receipt, failure, looks } = await parse({ faults: [{ on: 'submit', call: 1, do: fault }] });
        if (!looks) {
          expect(accepted).toHaveLength(0);
          return expectUnknown({ failure, receipt });
        }
        expect(accepted).toHaveLength(1);
        expect(receipt.jobs).toMatchObject([{ adopted: false, submits: 2, outcome: 'completed' }]);
      },
    );

    const silent: SandboxOptions = {
      reducto: { echoMetadata: false },
      faults: [{ on: 'submit', call: 1, do: 'drop-after-accept' }],
    };

    it('is not sent again where no list shows the marker: the failure says what may have been billed', async () => {
      const { accepted, receipt, failure } = await parse(silent);
      expectUnknown({ failure, receipt });
      expect(failure?.message).toMatch(/One parse may have been accepted and billed/);
      expect(accepted).toHaveLength(1);
    });

    it('is sent again there when the caller takes the risk, and the receipt shows both', async () => {
      const { accepted, receipt } = await parse(silent, { onUnknownSubmit: 'resubmit' });
      expect(accepted).toHaveLength(2);
      expect(receipt).toMatchObject({ submits: 2, jobs: [{ outcome: 'completed', submits: 2, unknownSubmits: 1 }] });
    });
  });

  describe('submits that are lost one after the other', () => {
    it('end as unknown, with all of them in the receipt: none is said to be refused', async () => {
      const lost = { reducto: { echoMetadata: false }, faults: [{ on: 'submit', do: 'drop-after-accept' }] } as const;
      const { failure, receipt, accepted } = await parse(lost, { onUnknownSubmit: 'resubmit' });
      expect(failure).toMatchObject({ type: 'DocumentSubmitUnknown', details: { submits: 3 } });
      expect(receipt.jobs).toMatchObject([{ jobId: null, submits: 3, unknownSubmits: 3 }]);
      expect(accepted).toHaveLength(3);
    });
  });

  describe('a submit that the vendor does not take', () => {
    it('is given up after an hour of errors, and leaves them in the receipt', async () => {
      const { failure, receipt, accepted, looks } = await parse(
        { faults: [{ on: 'submit', do: { status: 503 } }] },
        {},
        { skipsWaits: true },
      );
      if (!looks) return expectUnknown({ failure, receipt });
      expect(failure).toMatchObject({ type: 'DocumentSubmitRejected', details: { httpStatus: null } });
      expect(accepted).toHaveLength(0);
      expect(receipt.submits).toBeGreaterThanOrEqual(20);
      expect(receipt.submits).toBeLessThanOrEqual(50);
      expect(receipt.jobs).toMatchObject([{ jobId: null, outcome: 'unknown' }]);
    });

    it('is taken after half an hour of errors, where it can be looked for', async () => {
      const errors = { on: 'submit', call: { from: 1, to: 25 }, do: 'html-502' } as const;
      const { failure, receipt, accepted, looks } = await parse({ faults: [errors] }, {}, { skipsWaits: true });
      if (!looks) return expectUnknown({ failure, receipt });
      expect(receipt.jobs).toMatchObject([{ outcome: 'completed', submits: 26, adopted: false }]);
      expect(accepted).toHaveLength(1);
    });

    it('is refused once: a 4xx is final', async () => {
      const { code, body } = vendor.refusal;
      const { failure, submits } = await parse({ faults: [{ on: 'submit', do: { status: 400, body } }] });
      expect(failure).toMatchObject({
        type: 'DocumentSubmitRejected',
        details: { httpStatus: 400, vendorCode: code, reason: expect.stringContaining('no such model') as string },
      });
      expect(submits).toHaveLength(1);
    });

    it('is waited out as long as it takes when the vendor is busy, up to the deadline', async () => {
      const { failure, accepted } = await parse({ faults: [{ on: 'submit', do: 'rate-limited' }] }, { deadline: '3h' });
      expect(failure).toMatchObject({
        type: 'DocumentJobDeadlineExceeded',
        details: { outcome: null, scope: 'document' },
      });
      expect(accepted).toHaveLength(0);
    });
  });

  describe('a submit of which nobody can say what became of it', () => {
    interface Lost {
      posted: boolean;
      /** The submit's replies arrive. */
      now: boolean;
      /** Or those of all activities but the first arrive. */
      first?: string;
      /** Who posts: a worker that nobody hears of again, with what it remembers. */
      elsewhere?: DocumentActivities;
    }
    const lost = (): Lost => ({ posted: false, now: false });
    const workerElsewhere = (sandbox: Sandbox): DocumentActivities =>
      createDocumentActivities({ accounts: { [vendor.name]: vendor.provider(sandbox) }, results: memoryStore() });
    /** The POST is accepted; its reply, and every look for its job, is lost. */
    const losing =
      (known: Lost): HarnessOptions['wrap'] =>
      (activities) => ({
        ...activities,
        async submitDocumentJob(input) {
          const isOther = known.first !== undefined && known.first !== activityInfo().activityId;
          if (known.now || isOther) return activities.submitDocumentJob(input);
          if (!known.posted) await known.elsewhere?.submitDocumentJob(input);
          known.posted = true;
          throw ApplicationFailure.retryable('the vendor is down');
        },
      });
    const stuck = { faults: [{ job: 'stuck' as const }] };

    it('is looked for before anything is sent again', async () => {
      const known: Lost = { ...lost(), first: '1' };
      await withHarness(env, { vendor, wrap: losing(known) }, async ({ start, sandbox }) => {
        known.elsewhere = workerElsewhere(sandbox);
        const looks = vendor.provider(sandbox).findJob !== undefined;
        const settings = { provider: vendor.name, polling: SINGLE_READS };
        const handle = await start('parseOnly', documents.url('invoice-packet.pdf'), settings);
        const end: unknown = await handle.result().catch(findDocumentFailure);
        const [job, ...more] = sandbox.ledger.jobs();
        expect(more).toEqual([]);
        expect(end).toMatchObject(looks ? { jobId: job?.jobId } : { type: 'DocumentSubmitUnknown' });
      });
    });

    it.each([
      ['the workflow is cancelled', {}, true],
      ['its deadline passes', { deadline: '1h' }, false],
    ])('is looked for although %s, and its job is cancelled', async (_what, options, cancels) => {
      const known = lost();
      await withHarness(env, { vendor, sandbox: stuck, wrap: losing(known) }, async (given) => {
        const { start, sandbox } = given;
        known.elsewhere = workerElsewhere(sandbox);
        const looks = vendor.provider(sandbox).findJob !== undefined;
        const handle = await start('processDocument', {
          source: documents.url('invoice-packet.pdf'),
          provider: vendor.name,
          polling: SINGLE_READS,
          ...options,
        });
        await env.sleep('50 minutes');
        if (cancels) await handle.cancel();
        await env.sleep('40 minutes');
        expect((await handle.describe()).status.name).toBe('RUNNING');
        known.now = true;
        const end: unknown = await handle.result().catch((error: unknown) => error);
        if (cancels) expect(end).toMatchObject({ cause: { name: 'CancelledFailure' } });
        else expect(findDocumentFailure(end)?.type).toBe('DocumentJobDeadlineExceeded');
        const receipt = (await handle.describe()).memo?.documentReceipt as Receipt;
        expect(sandbox.ledger.accepted()).toHaveLength(1);
        if (looks) expect(receipt.jobs).toMatchObject([{ adopted: true, outcome: 'cancelled' }]);
        else {
          expect(receipt.jobs).toMatchObject([{ jobId: null, outcome: 'unknown', unknownSubmits: 1 }]);
          await sandbox.jobs.finish(sandbox.ledger.jobs()[0]?.jobId ?? '');
        }
      });
    });
  });

  describe('trouble while waiting and cancelling', () => {
    it.each([['html-502'], ['rate-limited'], ['truncate-body'], [{ status: 401 }]] as const)(
      'reads answered by %j are waited out',
      async (fault) => {
        const { receipt } = await parse({ faults: [{ on: 'get', call: { from: 1, to: 5 }, do: fault }] });
        expect(receipt.jobs).toMatchObject([{ outcome: 'completed' }]);
      },
    );

    it('a window in which no worker answers is a pause: the job is asked for again', async () => {
      const worker = { isThere: false };
      const absent: HarnessOptions['wrap'] = (activities) => ({
        ...activities,
        async pollDocumentJob(input) {
          if (worker.isThere) return activities.pollDocumentJob(input);
          throw ApplicationFailure.retryable('nobody is there');
        },
      });
      await withHarness(env, { vendor, wrap: absent }, async ({ start, sandbox }) => {
        const handle = await start('parseOnly', documents.url('invoice-packet.pdf'), {
          provider: vendor.name,
          polling: SINGLE_READS,
        });
        await env.sleep('50 minutes');
        const { jobs } = await handle.query<DocumentJobsStatus, []>(STATUS_QUERY);
        expect(jobs).toMatchObject([{ outcome: null, trouble: 'no answer from a worker within the window' }]);
        worker.isThere = true;
        expect(await handle.result()).toMatchObject({ jobId: sandbox.ledger.jobs()[0]?.jobId });
        expect(sandbox.ledger.counts().cancels).toBe(0);
      });
    });

    it('a cancel that the vendor does not take at first is asked again until it does', async () => {
      const { failure, accepted } = await parse(
        { faults: [{ job: 'stuck' }, { on: 'cancel', call: { from: 1, to: 4 }, do: { status: 503 } }] },
        { deadline: '1h' },
      );
      expect(failure).toMatchObject({ type: 'DocumentJobDeadlineExceeded', details: { outcome: 'cancelled' } });
      expect(accepted.map((job) => job.state)).toEqual(['Cancelled']);
    });
  });
});
