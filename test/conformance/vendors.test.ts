import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { type DocumentServer, serveDocuments } from '../support/document-server.js';
import { createTimeSkipping } from '../support/temporal.js';
import { runVendor, VENDOR_RUNS } from './vendor-runs.js';

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
beforeAll(async () => {
  [env, documents] = await Promise.all([createTimeSkipping(), serveDocuments()]);
});
afterAll(async () => {
  await documents.close();
  await env.teardown();
});

describe.each(Object.keys(VENDOR_RUNS) as (keyof typeof VENDOR_RUNS)[])('%s', (name) => {
  it('conforms', { timeout: 120_000 }, async () => {
    const report = await runVendor(name, { env, documents });
    console.log(report.table());
    expect(report.ok, report.table()).toBe(true);
  });
});
