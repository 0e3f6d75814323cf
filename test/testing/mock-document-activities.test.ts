import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { findDocumentFailure } from '../../src/jobs/failures.js';
import { isDocumentFailure } from '../../src/jobs/is-document-failure.js';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import { failure, mockDocumentActivities, type MockAnswers } from '../../src/testing/index.js';
import { createTimeSkipping } from '../support/temporal.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await createTimeSkipping();
});
afterAll(() => env.teardown());

async function run(answers: MockAnswers): Promise<ProcessDocumentResult> {
  const taskQueue = `mock-${randomUUID()}`;
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle: { codePath: inject('bundlePath') },
    activities: mockDocumentActivities(answers),
  });
  const input = {
    source: 'https://example.com/a.pdf',
    schema: { type: 'object', properties: { total: { type: 'number' } } },
    sections: [{ name: 'lines', description: 'line items' }],
  };
  return worker.runUntil(
    env.client.workflow.execute('processDocument', { taskQueue, workflowId: randomUUID(), args: [input] }),
  ) as Promise<ProcessDocumentResult>;
}

describe('mockDocumentActivities', () => {
  it('answers in place of a vendor', async () => {
    const result = await run({
      parse: { pageCount: 2 },
      extract: ({ input }) => ({ data: { total: input === '' ? 0 : 12.5 } }),
      split: { sections: [{ name: 'lines', pages: [2] }] },
    });
    expect(result).toMatchObject({
      status: 'complete',
      parsed: { pageCount: 2 },
      extract: { data: { total: 12.5 } },
      split: { sections: [{ name: 'lines', pages: [2] }] },
    });
  });

  it('fails the operations it is told to fail', async () => {
    const result = await run({
      parse: {},
      extract: { data: { total: 1 } },
      split: failure('DocumentJobFailed', { code: 'LLM_PROVIDER_ERROR', transient: true }),
    });
    expect(result.failures).toMatchObject([{ operation: 'split', type: 'DocumentJobFailed' }]);
    expect(result.receipt.jobs.filter((job) => job.operation === 'split')).toHaveLength(2);
  });

  it('fails a parse at submit', async () => {
    const error = await run({ parse: failure('DocumentSubmitRejected', { reason: 'no such file' }) }).catch(
      (e: unknown) => e,
    );
    expect(isDocumentFailure(error, 'DocumentSubmitRejected')).toBe(true);
  });

  it('says which answer is missing', async () => {
    const error = await run({ parse: {} }).catch((e: unknown) => e);
    const found = findDocumentFailure(error);
    expect(found?.type).toBe('DocumentInputInvalid');
    expect(found?.message).toContain('no answer for');
  });
});
