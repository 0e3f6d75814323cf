import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WORKFLOW } from '../../src/jobs/names.js';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import { findTemporalBinary } from '../../src/local/temporal-binary.js';
import { type DocumentServer, serveDocuments } from '../support/document-server.js';
import { createHarness, type Harness } from '../support/harness.js';
import { createDevServerEnv } from '../support/temporal.js';
import { problemsOf } from './contracts.js';

/** A payload as the server keeps it. The command line's own rendering of a payload does not give an empty list as a list. */
interface Payloads {
  payloads: { data: string }[];
}
const first = ({ payloads: [payload] }: Payloads): unknown =>
  JSON.parse(Buffer.from(payload?.data ?? '', 'base64').toString('utf8'));

/** What the command line says of a workflow's end. */
interface Ended {
  status: string;
  closeEvent: {
    workflowExecutionCompletedEventAttributes?: { result: Payloads };
    workflowExecutionFailedEventAttributes?: {
      failure: { applicationFailureInfo: { type: string; details: Payloads } };
    };
  };
}

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
let harness: Harness;
let folder: string;
let cli: string;

beforeAll(async () => {
  [env, documents, cli] = await Promise.all([createDevServerEnv(), serveDocuments(), findTemporalBinary('cli')]);
  harness = await createHarness(env, { sandbox: { speed: 20 } });
  folder = await mkdtemp(join(tmpdir(), 'other-language-'));
});
afterAll(async () => {
  await harness.stop();
  await documents.close();
  await env.teardown();
  await rm(folder, { recursive: true });
});

/** Temporal's own command line, of which our package knows nothing. It exits with 1 for a workflow that failed. */
async function temporal(...args: string[]): Promise<string> {
  const at = ['--address', env.address, '--disable-config-file', '--disable-config-env'];
  const run = promisify(execFile)(cli, [...args, ...at]);
  const { stdout } = await run.catch((error: { stdout?: string }) => {
    if (!error.stdout) throw error;
    return { stdout: error.stdout };
  });
  return stdout;
}

async function start(workflowId: string, input: unknown): Promise<void> {
  const file = join(folder, `${workflowId}.json`);
  await writeFile(file, JSON.stringify(input));
  const what = ['--type', WORKFLOW.processDocument, '--task-queue', harness.taskQueue, '--workflow-id', workflowId];
  await temporal('workflow', 'start', ...what, '--input-file', file);
}

async function endOf(workflowId: string): Promise<Ended> {
  const how = ['--output', 'json', '--no-json-shorthand-payloads'];
  return JSON.parse(await temporal('workflow', 'result', '--workflow-id', workflowId, ...how)) as Ended;
}

describe('processDocument, started by the temporal command line', () => {
  it('takes an input that was written from its schema, and gives a result that follows it', async () => {
    const input = {
      source: documents.url('invoice-packet.pdf'),
      schema: { type: 'object', properties: { invoice_number: { type: 'string' } }, required: ['invoice_number'] },
      sections: [{ name: 'Invoice', description: 'The invoice itself' }],
      pages: { start: 1, end: 3 },
      deadline: '5m',
      results: 'auto',
      onUnknownSubmit: 'fail',
      polling: { expected: '1s' },
    };
    expect(problemsOf('processDocument', 'input', input)).toEqual([]);
    await start('from-a-schema', input);
    const { status, closeEvent } = await endOf('from-a-schema');
    expect(status).toBe('COMPLETED');
    const completed = closeEvent.workflowExecutionCompletedEventAttributes;
    const result = first(completed?.result ?? { payloads: [] }) as ProcessDocumentResult;
    expect(problemsOf('processDocument', 'result', result)).toEqual([]);
    expect(result).toMatchObject({
      status: 'complete',
      extract: { data: { invoice_number: expect.stringMatching(/\S/) as string } },
    });
    expect(result.receipt.jobs).toHaveLength(3);

    const query = ['--workflow-id', 'from-a-schema', '--type', 'documentJobsStatus', '--output', 'json'];
    const { queryResult } = JSON.parse(await temporal('workflow', 'query', ...query)) as { queryResult: unknown[] };
    expect(problemsOf('processDocument', 'status', queryResult[0])).toEqual([]);
  }, 60_000);

  it('fails with a type and details that follow the schema of failures', async () => {
    const input = { source: documents.url('invoice-packet.pdf'), schema: { type: 'array' } };
    await start('wrong-input', input);
    const { status, closeEvent } = await endOf('wrong-input');
    expect(status).toBe('FAILED');
    const info = closeEvent.workflowExecutionFailedEventAttributes?.failure.applicationFailureInfo;
    expect(info?.type).toBe('DocumentInputInvalid');
    const detail = first(info?.details ?? { payloads: [] });
    expect(problemsOf('failures', 'DocumentInputInvalid', detail)).toEqual([]);
    expect(detail).toMatchObject({ field: 'schema' });
  }, 60_000);
});
