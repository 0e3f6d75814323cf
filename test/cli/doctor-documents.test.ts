import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { ApplicationFailure, type Payload } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { WEBHOOK_SIGNAL } from '../../src/jobs/names.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { mockDocumentActivities } from '../../src/testing/index.js';
import { createDevServerEnv } from '../support/temporal.js';
import { waitUntil } from '../support/wait-until.js';
import { SECRET } from '../webhooks/sender.js';
import { type CliResult, runCli, startCli } from './run-cli.js';

const RECEIVED = { REDUCTO_WEBHOOK_SECRET: SECRET, PULSE_WEBHOOK_SECRET: SECRET };

let env: TestWorkflowEnvironment;
let sandbox: Sandbox;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-doctor-'));
  await copyFile('examples/invoice-packet.pdf', join(dir, 'a.pdf'));
  env = await createDevServerEnv();
  sandbox = await createSandbox({ duration: { baseMs: 300, perPageMs: 0, jitter: 0 } });
});
afterAll(async () => {
  await sandbox.close();
  await env.teardown();
  await rm(dir, { recursive: true, force: true });
});

const vendors = (): Record<string, string> => ({
  REDUCTO_API_KEY: sandbox.reducto.apiKey,
  REDUCTO_BASE_URL: sandbox.reducto.baseUrl,
  PULSE_API_KEY: sandbox.pulse.apiKey,
  PULSE_BASE_URL: sandbox.pulse.baseUrl,
});

const at = (): string[] => ['--address', env.connection.options.address, '--state', join(dir, 'state')];

/** A worker, while `work` goes on with where it receives webhooks. */
async function withWorker(args: string[], given: Record<string, string>, work: (urls: string[]) => Promise<void>) {
  const worker = startCli(['worker', ...args, ...at()], { ...vendors(), ...given });
  let out = '';
  worker.child.stdout?.on('data', (text: Buffer) => (out += text.toString()));
  const last = args.includes('--webhook-port') ? /^webhooks: (.*)\n/m : /^worker ready(.*)\n/m;
  await waitUntil(() => last.test(out) || worker.child.exitCode !== null, 'the worker works', 40_000);
  try {
    await work((last.exec(out)?.[1] ?? '').split(' '));
  } finally {
    worker.child.kill('SIGTERM');
    await worker.done;
  }
}

const processed = async (provider: string, given: Record<string, string> = {}): Promise<void> => {
  const args = ['process', join(dir, 'a.pdf'), '--provider', provider, '--force', '--json', ...at()];
  const { code, stderr } = await runCli(args, { ...vendors(), ...given });
  expect(code, stderr).toBe(0);
};

async function doctor(...args: string[]): Promise<{ result: CliResult; check: (name: string) => unknown }> {
  const result = await runCli(['doctor', '--json', ...args, ...at()], { ...vendors(), ...RECEIVED });
  return { result, check: (name) => result.events.find((event) => event.name === name) };
}

describe('what the last documents tell', { timeout: 120_000 }, () => {
  it('webhooks: none yet, silent, and alive', async () => {
    await withWorker([], {}, async () => {
      const { result, check } = await doctor();
      expect(check('webhooks reducto')).toMatchObject({
        status: 'skipped',
        says: 'no webhook yet; no document has ended that should have been called',
      });
      expect(result.code, result.stdout).toBe(0);
      // Whoever asks the vendor has no secret here, so that it never calls.
      await processed('reducto');
      await processed('pulse');
      const silent = await doctor();
      for (const name of ['reducto', 'pulse']) {
        expect(silent.check(`webhooks ${name}`)).toMatchObject({
          status: 'problem',
          says: 'no webhook yet; the last document was not called',
          mend: expect.stringContaining(`docjobs webhook --test https://<your host>/webhooks/${name}`) as string,
        });
      }
      expect(silent.result.code).toBe(1);
    });

    await withWorker(['--webhook-port', '0'], RECEIVED, async (urls) => {
      for (const url of urls) {
        const provider = url.endsWith('pulse') ? 'pulse' : 'reducto';
        sandbox.webhooks.register({ provider, url, secrets: [SECRET] });
        await processed(provider, RECEIVED);
      }
      const { result, check } = await doctor();
      for (const name of ['reducto', 'pulse']) {
        expect(check(`webhooks ${name}`), result.stdout).toMatchObject({
          status: 'ok',
          says: expect.stringMatching(
            /^last webhook \d+(\.\d)?s ago; 1 of the last 2 documents was called, 1 polled in vain$/,
          ) as string,
        });
      }
      expect(result.code, result.stdout).toBe(0);
      expect(result.stdout).not.toContain(SECRET);
    });
  });

  it('a secret that is none', async () => {
    const { code, events, stdout } = await runCli(['doctor', '--json', ...at()], {
      ...vendors(),
      REDUCTO_WEBHOOK_SECRET: 'canary',
    });
    const found = events.find(({ name }) => name === 'webhooks reducto');
    expect(found).toMatchObject({
      status: 'problem',
      says: expect.stringContaining('REDUCTO_WEBHOOK_SECRET') as string,
    });
    expect([code, stdout]).toEqual([1, expect.not.stringContaining('canary')]);
  });

  it('encrypted documents are not judged', async () => {
    const hide = async (payloads: Payload[]): Promise<Payload[]> =>
      payloads.map(({ data }) => ({ metadata: { encoding: Buffer.from('binary/encrypted') }, data: data ?? null }));
    const { connection } = env.client;
    const client = new Client({ connection, dataConverter: { payloadCodecs: [{ encode: hide, decode: hide }] } });
    const handle = await client.workflow.signalWithStart('hidden', {
      workflowId: 'hidden',
      taskQueue: 'nobody',
      signal: WEBHOOK_SIGNAL,
      signalArgs: [{ provider: 'reducto', account: 'reducto', jobId: 'j' }],
    });
    await handle.terminate();
    await waitUntil(
      async () => (await doctor('--type', 'hidden')).result.stdout.includes('are encrypted'),
      'it is listed',
    );
  });

  it('a document whose workflow code fails', async () => {
    await withWorker([], {}, async () => {
      const handle = await env.client.workflow.start('removedWorkflow', {
        workflowId: 'w1',
        taskQueue: 'document-jobs',
      });
      await waitUntil(
        async () => Number((await handle.describe()).raw.pendingWorkflowTask?.attempt ?? 0) >= 3,
        'its code has failed often enough',
        60_000,
      );
      const { result, check } = await doctor('--type', 'removedWorkflow');
      expect(check('documents'), result.stdout).toMatchObject({
        status: 'problem',
        says: expect.stringMatching(/^1 of 1 running makes no headway: w1 \(workflow code, attempt \d+\)$/) as string,
      });
      expect(result.code).toBe(1);
      await handle.terminate();
    });
  });

  it('a document whose activity fails again and again; what the failure says is not repeated', async () => {
    const fail = async (): Promise<never> => {
      throw ApplicationFailure.create({ type: 'Boom', message: 'text-canary' });
    };
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: 'failing',
      workflowBundle: { codePath: inject('bundlePath') },
      activities: { ...mockDocumentActivities({}), uploadDocument: fail, submitDocumentJob: fail },
    });
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.start('processDocument', {
        workflowId: 'w2',
        taskQueue: 'failing',
        args: [{ source: 'https://example.com/a.pdf' }],
      });
      await waitUntil(
        async () => Number((await handle.describe()).raw.pendingActivities?.[0]?.attempt ?? 0) >= 5,
        'it has failed often enough',
        60_000,
      );
      const { result, check } = await doctor('--task-queue', 'failing');
      expect(check('documents'), result.stdout).toMatchObject({
        status: 'warning',
        says: expect.stringMatching(
          /^1 of 1 running makes no headway: w2 \(submitDocumentJob, attempt \d+: Boom\)$/,
        ) as string,
        mend: expect.stringContaining('docjobs status w2') as string,
      });
      expect(result.stdout).not.toContain('canary');
      await handle.terminate();
    });
  });
});
