import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { FaultRule, Sandbox } from '../../src/sandbox/index.js';
import { VendorError } from '../../src/providers/vendor-error.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { SINGLE_READS, withHarness } from '../support/harness.js';
import { createTimeSkipping } from '../support/temporal.js';
import { type Vendor, VENDORS } from '../support/vendors.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DOCUMENTS = 2;
/** Single reads are a good quarter of the job's age apart: after two minutes that is so much at most. */
const POLL_GAP = 35 * SECOND;

let env: TestWorkflowEnvironment;
let documents: DocumentServer;

beforeAll(async () => {
  [env, documents] = await Promise.all([createTimeSkipping(), serveDocuments()]);
});
afterAll(async () => {
  await documents.close();
  await env.teardown();
});

interface Read {
  jobId: string;
  /** Simulated, ms since the storm began. */
  at: number;
  error: VendorError | null;
}

/** A storm in simulated time: what the vendor does with calls so long after it began. */
type Weather = (sinceMs: number) => FaultRule[];

/** The vendor under that weather, and a list of the reads that it got. */
function under(vendor: Vendor, weather: Weather, beganAt: number): { vendor: Vendor; reads: Read[] } {
  const reads: Read[] = [];
  const stormy: Vendor['provider'] = (sandbox, over) => {
    const provider = vendor.provider(sandbox, over);
    return {
      ...provider,
      async get(jobId, operation, call) {
        const at = (await env.currentTimeMs()) - beganAt;
        sandbox.faults.set(weather(at));
        const got = provider.get(jobId, operation, call);
        const error = await got.then(
          () => null,
          (reason: unknown) => (reason instanceof VendorError ? reason : null),
        );
        reads.push({ jobId, at, error });
        return got;
      },
    };
  };
  return { vendor: { ...vendor, provider: stormy }, reads };
}

/** Runs documents with all operations through the weather. */
async function through(vendor: Vendor, weather: Weather): Promise<{ reads: Read[]; results: ProcessDocumentResult[] }> {
  const given = under(vendor, weather, await env.currentTimeMs());
  const results: ProcessDocumentResult[] = [];
  await withHarness(env, { vendor: given.vendor }, async ({ start, sandbox }) => {
    for (const operation of ['parse', 'extract', 'split'] as const) sandbox.durations.set(operation, 20 * SECOND);
    const handles = await Promise.all(
      Array.from({ length: DOCUMENTS }, () =>
        start('processDocument', {
          source: documents.url('invoice-packet.pdf'),
          provider: vendor.name,
          polling: SINGLE_READS,
          schema: { type: 'object', properties: { invoice_number: { type: 'string' } } },
          sections: [{ name: 'Invoice', description: 'line items and total' }],
        }),
      ),
    );
    for (const handle of handles) results.push((await handle.result()) as ProcessDocumentResult);
    expect(acceptedOf(sandbox)).toBe(3 * DOCUMENTS);
  });
  return { reads: given.reads, results };
}

const acceptedOf = ({ ledger }: Sandbox): number => ledger.accepted().length;

function gapsOf(reads: readonly Read[]): { gapMs: number; allowedMs: number }[] {
  return reads.flatMap(({ jobId, at, error }, index) => {
    const next = reads.slice(index + 1).find((read) => read.jobId === jobId);
    const { kind, facts } = error ?? {};
    const allowedMs = Math.max(kind === 'rate_limited' ? 1_800 : 900, facts?.retryAfterMs ?? 0);
    return next === undefined ? [] : [{ gapMs: next.at - at, allowedMs }];
  });
}

describe.each(VENDORS)('with $name', (vendor) => {
  it('429 to every read for 2 min, then to three in ten for 5 with a Retry-After', async () => {
    const limited = (probability: number, headers: Record<string, string>): FaultRule => ({
      on: 'get',
      probability,
      do: { status: 429, body: { message: 'rate limit exceeded' }, headers },
    });
    const weather: Weather = (since) => {
      if (since < 2 * MINUTE) return [limited(1, {})];
      return since < 7 * MINUTE ? [limited(0.3, { 'retry-after': '20' })] : [];
    };
    const { reads, results } = await through(vendor, weather);
    expect(results.map(({ status }) => status)).toEqual(['complete', 'complete']);
    for (const { receipt } of results) expect(receipt.reads).toBeLessThanOrEqual(40);
    for (const { gapMs, allowedMs } of gapsOf(reads)) expect(gapMs).toBeGreaterThanOrEqual(allowedMs);
    const parses = new Set(reads.filter(({ at }) => at < 2 * MINUTE).map(({ jobId }) => jobId));
    expect(parses.size).toBe(DOCUMENTS);
    for (const jobId of parses) {
      const next = reads.find((read) => read.jobId === jobId && read.at >= 2 * MINUTE);
      expect(next?.at).toBeLessThanOrEqual(2 * MINUTE + POLL_GAP);
    }
  });

  it('down for half an hour while jobs run', async () => {
    const down: Weather = (since) => (since < 30 * MINUTE ? [{ on: 'get', do: 'html-502' }] : []);
    const { reads, results } = await through(vendor, down);
    expect(results.map(({ status }) => status)).toEqual(['complete', 'complete']);
    const outage = reads.filter(({ at }) => at < 30 * MINUTE).length;
    expect(outage / results.length).toBeLessThanOrEqual(40);
  });
});
