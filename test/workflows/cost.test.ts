import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { measureCost } from '../../bench/cost-scenario.js';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { createHarness } from '../support/harness.js';
import { serveDocuments } from '../support/document-server.js';
import { createTimeSkipping } from '../support/temporal.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await createTimeSkipping();
});
afterAll(() => env.teardown());

describe('what waiting for one job costs', () => {
  it.each([
    [45 * SECOND, 45 * SECOND],
    [30 * MINUTE, 30 * MINUTE],
  ])('%d ms with a right estimate: ≤ 25 events, ≤ 10 actions', async (jobMs, expectedMs) => {
    const cost = await measureCost(env, inject('bundlePath'), { workflow: 'parseOnly', jobMs, expectedMs });
    expect(cost.events).toBeLessThanOrEqual(25);
    expect(cost.actions + cost.heartbeats).toBeLessThanOrEqual(10);
  });

  it.each([
    [45 * SECOND, undefined],
    [45 * SECOND, 9 * SECOND],
    [45 * SECOND, 225 * SECOND],
    [30 * MINUTE, undefined],
    [30 * MINUTE, 6 * MINUTE],
    [30 * MINUTE, 150 * MINUTE],
  ])('%d ms with the estimate %d: ≤ 66 events', async (jobMs, expectedMs) => {
    const estimate = expectedMs === undefined ? {} : { expectedMs };
    const cost = await measureCost(env, inject('bundlePath'), { workflow: 'parseOnly', jobMs, ...estimate });
    expect(cost.events).toBeLessThanOrEqual(66);
  });

  it('grows with the logarithm of the duration', async () => {
    const events: number[] = [];
    for (const minutes of [20, 40, 80, 160]) {
      const jobMs = minutes * MINUTE;
      events.push(
        (await measureCost(env, inject('bundlePath'), { workflow: 'parseOnly', jobMs, expectedMs: 20 * SECOND }))
          .events,
      );
    }
    const steps = events.slice(1).map((count, i) => count - (events[i] ?? 0));
    // Each doubling costs the same few looks, of 11 events each.
    for (const step of steps) expect(step).toBeLessThanOrEqual(55);
  }, 180_000);

  it('a document with upload and three jobs: ≤ 65 events', async () => {
    const documents = await serveDocuments();
    const harness = await createHarness(env);
    try {
      const reference = await upload(harness.sandbox, 'invoice-packet.pdf');
      const handle = await harness.start('processDocument', {
        source: reference,
        schema: { type: 'object', properties: { invoice_number: { type: 'string' } } },
        sections: [{ name: 'Invoice', description: 'line items and total' }],
      });
      expect(((await handle.result()) as ProcessDocumentResult).status).toBe('complete');
      expect((await handle.fetchHistory()).events?.length).toBeLessThanOrEqual(65);
    } finally {
      await harness.close();
      await documents.close();
    }
  });
});

/** What the worker would do with a local file, done beforehand. @returns the vendor's reference. */
async function upload({ reducto: { baseUrl, apiKey } }: Sandbox, name: string): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([await readFile(join('examples', name))]), name);
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${baseUrl}/upload`, { method: 'POST', headers, body: form });
  return ((await response.json()) as { file_id: string }).file_id;
}
