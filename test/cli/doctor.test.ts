import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { createDevServerEnv } from '../support/temporal.js';
import { waitUntil } from '../support/wait-until.js';
import { checkOf, statusOf } from './doctor-checks.js';
import { type CliResult, runCli, type RunningCli, startCli } from './run-cli.js';

let env: TestWorkflowEnvironment;
let sandbox: Sandbox;
let worker: RunningCli;
let dir: string;
let results: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-doctor-'));
  results = join(dir, 'results');
  await mkdir(results);
  env = await createDevServerEnv();
  sandbox = await createSandbox();
  worker = startCli(['worker', ...at(), '--state', join(dir, 'worker')], vendors());
  let ready = false;
  worker.child.stdout?.on('data', (text: Buffer) => (ready ||= text.toString().includes('worker ready')));
  await waitUntil(() => ready || worker.child.exitCode !== null, 'the worker works', 40_000);
});
afterAll(async () => {
  worker.child.kill('SIGTERM');
  await worker.done;
  await sandbox.close();
  await env.teardown();
  await rm(dir, { recursive: true, force: true });
});

const at = (): string[] => ['--address', env.connection.options.address];

const vendors = (change: Record<string, string> = {}): Record<string, string> => ({
  REDUCTO_API_KEY: sandbox.reducto.apiKey,
  REDUCTO_BASE_URL: sandbox.reducto.baseUrl,
  PULSE_API_KEY: sandbox.pulse.apiKey,
  PULSE_BASE_URL: sandbox.pulse.baseUrl,
  ...change,
});

const doctor = (args: string[], given: Record<string, string> = {}): Promise<CliResult> =>
  runCli(['doctor', '--json', '--results', results, '--state', join(dir, 'state'), ...args], given);

const HEALTHY = {
  Node: 'ok',
  Temporal: 'ok',
  'embedded server': 'skipped',
  worker: 'ok',
  'clock Temporal': 'ok',
  store: 'ok',
  'key reducto': 'ok',
  'clock reducto': 'ok',
  'webhooks reducto': 'skipped',
  'key pulse': 'ok',
  'clock pulse': 'ok',
  'webhooks pulse': 'skipped',
  documents: 'ok',
};

/** Passes a vendor's answers on, with another date. */
async function withClockAhead(url: string, ms: number) {
  const server = createHttpServer((incoming, outgoing) => {
    const call = request(new URL(incoming.url ?? '/', url), { method: incoming.method, headers: incoming.headers });
    call.on('response', (reply) => {
      const date = new Date(Date.now() + ms).toUTCString();
      outgoing.writeHead(reply.statusCode ?? 502, { ...reply.headers, date });
      reply.pipe(outgoing);
    });
    incoming.pipe(call);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${new URL(url).pathname}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('docjobs doctor', { timeout: 120_000 }, () => {
  it('finds nothing wrong where nothing is, and leaves nothing behind', async () => {
    const result = await doctor(at(), vendors());
    expect(statusOf(result), result.stdout).toEqual(HEALTHY);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.events.at(-1)).toEqual({ event: 'result', healthy: true });
    expect(checkOf(result, 'Temporal')?.says).toMatch(/^127\.0\.0\.1:\d+, version \d+\.\d+.*, namespace default$/);
    expect(checkOf(result, 'worker')?.says).toMatch(/^1 asks for work on task queue document-jobs/);
    expect(await readdir(results)).toEqual([]);
    expect(await readdir(dir)).not.toContain('state');
    for (const key of [sandbox.reducto.apiKey, sandbox.pulse.apiKey]) expect(result.stdout).not.toContain(key);
  });

  it('prints a line for each check, and the remedy below', async () => {
    const { code, stdout } = await runCli(['doctor', ...at(), '--results', results], vendors({ PULSE_API_KEY: '' }));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ Node {14}\d+\.\d+/);
    expect(stdout).toContain('\n✓ key reducto       reducto at 127.0.0.1:');
    expect(stdout).toMatch(/\n– key pulse {9}no key\n {20}→ set PULSE_API_KEY to your key, or add --sandbox/);
  });

  it('a wrong key is a problem of its own, and not repeated; the vendor still tells its time', async () => {
    const wrong = 'wrong-key-canary';
    const result = await doctor(at(), vendors({ REDUCTO_API_KEY: wrong, PULSE_API_KEY: wrong }));
    expect(statusOf(result)).toEqual({ ...HEALTHY, 'key reducto': 'problem', 'key pulse': 'problem' });
    for (const name of ['reducto', 'pulse']) {
      expect(checkOf(result, `key ${name}`)).toMatchObject({
        says: `${name} refuses the key (HTTP 401)`,
        mend: `check ${name.toUpperCase()}_API_KEY`,
      });
    }
    expect(result.code).toBe(4);
    expect(result.events.at(-1)).toEqual({ event: 'result', healthy: false });
    expect(result.stdout + result.stderr).not.toContain('canary');
  });

  it('a vendor that is down, and one that never answers', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const result = await doctor(
      at(),
      vendors({ REDUCTO_BASE_URL: 'http://127.0.0.1:9/x', PULSE_BASE_URL: `http://127.0.0.1:${port}` }),
    );
    silent.close();
    expect(statusOf(result)).toEqual({
      ...HEALTHY,
      'key reducto': 'problem',
      'clock reducto': 'skipped',
      'key pulse': 'problem',
      'clock pulse': 'skipped',
    });
    expect(checkOf(result, 'key reducto')).toMatchObject({
      says: expect.stringMatching(/^reducto can't be reached \(.*connection refused\)$/) as string,
      mend: 'check the network and REDUCTO_BASE_URL',
    });
    expect(checkOf(result, 'key pulse')?.says).toContain('no answer within 9 s');
    expect(result.code).toBe(4);
    expect(result.ms).toBeLessThan(20_000);
  });

  it('Temporal that is down: what does not need it is looked at all the same', async () => {
    const result = await doctor(['--address', '127.0.0.1:9'], vendors());
    expect(statusOf(result)).toEqual({
      ...HEALTHY,
      Temporal: 'problem',
      worker: 'skipped',
      'clock Temporal': 'skipped',
      documents: 'skipped',
    });
    expect(checkOf(result, 'Temporal')?.says).toContain("Temporal at 127.0.0.1:9 can't be reached");
    expect(result.code).toBe(4);
    expect(result.ms).toBeLessThan(20_000);
  });

  it('a namespace and a task queue that nobody serves', async () => {
    const none = await doctor([...at(), '--namespace', 'nowhere'], vendors());
    expect(checkOf(none, 'Temporal')).toMatchObject({ status: 'problem' });
    expect(checkOf(none, 'Temporal')?.says).toContain('has no such namespace');
    expect(none.code).toBe(1);
    const idle = await doctor([...at(), '--task-queue', 'idle'], vendors());
    expect(statusOf(idle)).toEqual({ ...HEALTHY, worker: 'problem', 'clock Temporal': 'skipped' });
    expect(checkOf(idle, 'worker')?.mend).toContain('docjobs worker --task-queue idle');
    expect(idle.code).toBe(1);
  });

  it.each([
    [-10 * 60_000, 'problem', 1, /^(10m|9m 5\ds) ahead of reducto's/],
    [2 * 60_000, 'warning', 0, /^(2m|1m 5\ds) behind reducto's/],
  ])("a vendor's clock that is ahead by %i ms is a %s", async (ahead, status, code, says) => {
    await using vendor = await withClockAhead(sandbox.reducto.baseUrl, ahead);
    const result = await doctor(at(), vendors({ REDUCTO_BASE_URL: vendor.url }));
    expect(statusOf(result)).toEqual({ ...HEALTHY, 'clock reducto': status });
    expect(checkOf(result, 'clock reducto')?.says).toMatch(says);
    expect(result.code).toBe(code);
  });

  it('a store that can not be written', async () => {
    const file = join(dir, 'a-file');
    await writeFile(file, '');
    // The superuser may write in any folder of a disk's.
    const closed = process.getuid?.() === 0 ? '/sys' : join(dir, 'closed');
    if (closed !== '/sys') await mkdir(closed, { mode: 0o555 });
    for (const folder of [file, join(file, 'below'), closed]) {
      const result = await doctor([...at(), '--results', folder], vendors());
      expect(statusOf(result), folder).toEqual({ ...HEALTHY, store: 'problem' });
      expect(checkOf(result, 'store')?.says).toContain(`${folder} can't be used (`);
      expect(result.code).toBe(1);
    }
  });

  it('what dead workers left in the store is counted', async () => {
    const folder = join(dir, 'used', '.tmp');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'other-host.1.00'), 'x');
    await utimes(join(folder, 'other-host.1.00'), 1, 1);
    await writeFile(join(folder, 'other-host.1.01'), 'of a living one');
    const result = await doctor([...at(), '--results', join(dir, 'used')], vendors());
    expect(checkOf(result, 'store')?.says).toContain('1 unfinished copy of dead workers removed');
    expect([await readdir(join(dir, 'used')), await readdir(folder)]).toEqual([['.tmp'], ['other-host.1.01']]);
  });

  it('variables that are not what they promise', async () => {
    const result = await doctor(
      at(),
      vendors({ REDUCTO_RESULT_HOSTS: 'https://a.example', PULSE_BASE_URL: 'nonsense' }),
    );
    expect(checkOf(result, 'key reducto')?.says).toContain('REDUCTO_RESULT_HOSTS: expected hosts');
    expect(checkOf(result, 'key pulse')?.says).toContain('PULSE_BASE_URL: expected a URL');
    expect(result.code).toBe(1);
  });

  it('--sandbox looks at the sandbox of the state folder, and starts none', async () => {
    const state = join(dir, 'with-sandbox');
    const look = () => runCli(['doctor', '--json', '--sandbox', '--state', state, ...at()]);
    expect(checkOf(await look(), 'key reducto')).toMatchObject({ status: 'skipped' });
    const announced = { pid: process.pid, url: new URL(sandbox.reducto.baseUrl).origin, key: sandbox.reducto.apiKey };
    await mkdir(state);
    await writeFile(join(state, 'sandbox.json'), JSON.stringify({ ...announced, speed: 1 }));
    const result = await look();
    expect(checkOf(result, 'key reducto')?.says).toMatch(/^the sandbox at 127\.0\.0\.1:\d+ takes the key$/);
    expect(statusOf(result), result.stdout).toMatchObject({ 'key reducto': 'ok', 'key pulse': 'ok', worker: 'ok' });
    expect(result.code).toBe(0);
  });

  it('--help documents flags, environment and exit codes; an unknown flag is wrong usage', async () => {
    const { code, stdout } = await runCli(['doctor', '--help']);
    expect(code).toBe(0);
    const parts = [
      'Usage: docjobs doctor',
      'Options:',
      'Environment:',
      'REDUCTO_API_KEY',
      '_WEBHOOK_SECRET',
      'Exit codes:',
    ];
    for (const part of parts) expect(stdout).toContain(part);
    expect((await runCli(['doctor', '--mend'])).code).toBe(2);
  });
});
