import { randomUUID } from 'node:crypto';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.js';
import {
  createWebhookHandler,
  mailboxWorkflowId,
  type WebhookHandler,
  type WebhookLogEntry,
} from '../../src/webhooks/index.js';
import { serveWebhooks } from '../../src/webhooks/serve-webhooks.js';
import { waitUntil } from '../support/wait-until.js';
import { clientOf, INVOICE_TEXT } from '../sandbox/client.js';
import { createDevServerEnv } from '../support/temporal.js';
import { COMPLETED, JOB, SECRET, signed, TOKEN } from './sender.js';

/** Stands in for whoever waits: keeps what it is told, until it has been told so much. */
const SCRATCH = `
import { condition, defineSignal, setHandler, sleep } from '@temporalio/workflow';
const told = defineSignal('documentJobWebhook');
async function listen(much) {
  const signals = [];
  setHandler(told, (signal) => void signals.push(signal));
  await condition(() => signals.length >= much);
  return signals;
}
export const waiter = listen;
export async function documentJobMailbox(input) {
  return { input, signals: await listen(1) };
}
`;

let env: TestWorkflowEnvironment;
let folder: string;
let stopWorker: () => Promise<void>;
const taskQueue = `webhooks-${randomUUID()}`;
let namespaceId: string;
const log: WebhookLogEntry[] = [];
let handle: WebhookHandler;

beforeAll(async () => {
  env = await createDevServerEnv();
  folder = await mkdtemp(join(process.cwd(), 'node_modules/.webhooks-'));
  await writeFile(join(folder, 'scratch.mjs'), SCRATCH);
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowsPath: join(folder, 'scratch.mjs'),
  });
  const running = worker.run();
  stopWorker = async () => {
    worker.shutdown();
    await running;
  };
  const { namespaceInfo } = await env.client.workflowService.describeNamespace({ namespace: 'default' });
  namespaceId = namespaceInfo?.id ?? '';
  handle = createWebhookHandler({
    accounts: { reducto: { provider: 'reducto', secrets: SECRET, directToken: TOKEN } },
    client: env.client,
    mailbox: { taskQueue },
    log: (entry) => void log.push(entry),
  });
});
afterAll(async () => {
  await stopWorker();
  await env.teardown();
  await rm(folder, { recursive: true, force: true });
});

const eventFor = (owner: object, job_id = JOB): string =>
  JSON.stringify({ status: 'Completed', job_id, metadata: { documentJobs: { marker: 'm', owner } } });

describe('on a real server', () => {
  it('an event wakes its owner, once however often it comes; when the owner has ended it is nobody’s', async () => {
    const workflowId = `waiter-${randomUUID()}`;
    const { firstExecutionRunId, result } = await env.client.workflow
      .start('waiter', { workflowId, taskQueue, args: [1] })
      .then((handle) => ({ firstExecutionRunId: handle.firstExecutionRunId, result: handle.result() }));
    const owner = { namespaceId, workflowId, firstExecutionRunId };
    const send = async (): Promise<string | undefined> => {
      expect((await handle(signed(eventFor(owner)))).status).toBe(204);
      return log.at(-1)?.reason;
    };
    expect(await send()).toBe('taken');
    expect(await result).toEqual([
      { provider: 'reducto', account: 'reducto', jobId: JOB, status: 'completed', firstExecutionRunId },
    ]);
    expect(await send()).toBe('nobody-waits');
  });

  it('an owner that never was, and one of another namespace, are nobody’s', async () => {
    for (const owner of [
      { namespaceId, workflowId: 'never-was', firstExecutionRunId: 'r' },
      { namespaceId: randomUUID(), workflowId: 'never-was', firstExecutionRunId: 'r' },
    ]) {
      expect((await handle(signed(eventFor(owner)))).status).toBe(204);
      expect(log.at(-1)?.reason).toBe('nobody-waits');
    }
  });

  it('an event without an owner is kept in one mailbox, which is not made anew', async () => {
    const input = { provider: 'reducto', account: 'reducto', jobId: randomUUID() };
    const body = JSON.stringify({ status: 'Failed', job_id: input.jobId });
    expect((await handle(signed(body))).status).toBe(204);
    const mailbox = env.client.workflow.getHandle(mailboxWorkflowId(input));
    expect(await mailbox.result()).toEqual({ input, signals: [{ ...input, status: 'failed' }] });
    expect((await handle(signed(body))).status).toBe(204);
    expect(log.at(-1)?.reason).toBe('nobody-waits');
  });

  it('the sandbox’s event gets there, with the owner that the submit has named', async () => {
    const server = await serveWebhooks(handle, { port: 0 });
    await using sandbox = await createSandbox({ duration: { baseMs: 100, perPageMs: 0, jitter: 0 } });
    sandbox.webhooks.register({ provider: 'reducto', url: `${server.url}/webhooks/reducto`, secrets: [SECRET] });
    const client = clientOf(sandbox);
    const workflowId = `waiter-${randomUUID()}`;
    const waiter = await env.client.workflow.start('waiter', { workflowId, taskQueue, args: [2] });
    const { firstExecutionRunId } = waiter;
    const metadata = { documentJobs: { marker: 'm', owner: { namespaceId, workflowId, firstExecutionRunId } } };
    const input = await client.upload(INVOICE_TEXT, 'a.txt');
    const direct = { mode: 'direct', url: `${server.url}/webhooks/reducto/${TOKEN}` };
    const jobs = [
      await client.submit('parse', { input, async: { webhook: { mode: 'svix' }, metadata } }),
      await client.submit('parse', { input, async: { webhook: direct, metadata } }),
    ];
    const signals = (await waiter.result()) as { jobId: string }[];
    expect(signals.map(({ jobId }) => jobId).sort()).toEqual([...jobs].sort());
    await waitUntil(
      () => sandbox.ledger.webhooks().every(({ state }) => state === 'delivered'),
      'both are taken',
      5_000,
    );
    await server.close();
  });
});

describe('Temporal away', () => {
  let silent: Server;
  beforeAll(async () => {
    silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void silent.close());

  it.each([
    ['nobody listens', () => 9],
    ['nobody answers', () => (silent.address() as AddressInfo).port],
  ])('%s: 503 within 10 s, so that the sender comes again', async (_what, port) => {
    const connection = Connection.lazy({ address: `127.0.0.1:${port()}` });
    const receive = createWebhookHandler({
      accounts: { reducto: { provider: 'reducto', secrets: SECRET } },
      client: new Client({ connection }),
      log: (entry) => void log.push(entry),
    });
    const owner = { namespaceId, workflowId: 'w', firstExecutionRunId: 'r' };
    const startedAt = performance.now();
    const statuses = await Promise.all([receive(signed(COMPLETED)), receive(signed(eventFor(owner)))]);
    expect(statuses.map(({ status }) => status)).toEqual([503, 503]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(log.at(-1)).toMatchObject({
      reason: 'not-delivered',
      account: 'reducto',
      error: expect.any(String) as string,
    });
    // Not closed: the SDK goes on trying for a moment, and a try on a closed connection is an uncaught error of its own.
  });
});
