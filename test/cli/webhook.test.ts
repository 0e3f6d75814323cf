import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhookAccounts } from '../../src/cli/webhook-accounts.js';
import { webhookSelfTest } from '../../src/cli/webhook-self-test.js';
import { freePorts } from '../../src/local/free-ports.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { serveWebhooks } from '../../src/webhooks/serve-webhooks.js';
import { clientOf, INVOICE_TEXT } from '../sandbox/client.js';
import { createDevServerEnv } from '../support/temporal.js';
import { newSecret, newToken, receiver, SECRET, TOKEN } from '../webhooks/sender.js';
import { waitUntil } from '../support/wait-until.js';
import { type CliResult, removeState, runCli, runCommands, startCli } from './run-cli.js';

const RECEIVED = { REDUCTO_WEBHOOK_SECRET: SECRET, DOCJOBS_WEBHOOK_TOKEN: TOKEN };

let env: TestWorkflowEnvironment;
let dir: string;
let sandbox: Sandbox;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-webhook-'));
  env = await createDevServerEnv();
  sandbox = await createSandbox({ duration: { baseMs: 100, perPageMs: 0, jitter: 0 } });
});
afterAll(async () => {
  await sandbox.close();
  await env.teardown();
  await removeState(dir);
});

const vendors = (): Record<string, string> => ({
  REDUCTO_API_KEY: sandbox.reducto.apiKey,
  REDUCTO_BASE_URL: sandbox.reducto.baseUrl,
  PULSE_API_KEY: sandbox.pulse.apiKey,
  PULSE_BASE_URL: sandbox.pulse.baseUrl,
});

/** A command that receives, and where. */
async function receiving(args: string[], more: Record<string, string> = {}) {
  const at = ['--state', dir, '--address', env.connection.options.address];
  const cli = startCli([...args, ...at], { ...RECEIVED, ...more });
  let [out, err] = ['', ''];
  cli.child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  cli.child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const place = /http:\/\/127\.0\.0\.1:\d+\S*\/reducto\b/;
  await waitUntil(() => place.test(out) || cli.child.exitCode !== null, 'it listens', 20_000);
  expect(out, err).toMatch(place);
  const stop = (): Promise<CliResult> => {
    cli.child.kill('SIGTERM');
    return cli.done;
  };
  return { url: place.exec(out)![0], stop };
}

describe('docjobs webhook', { timeout: 60_000 }, () => {
  it('receives, logs nothing of what came, and hands it to Temporal', async () => {
    const { url, stop } = await receiving(['webhook', '--port', '0', '--path', '/hooks']);
    expect(url).toMatch(/\/hooks\/reducto$/);
    sandbox.webhooks.register({ provider: 'reducto', url, secrets: [newSecret(), SECRET] });
    const client = clientOf(sandbox);
    const input = await client.upload(INVOICE_TEXT, 'a.txt');
    const signed = await client.submit('parse', { input, async: { webhook: { mode: 'svix' } } });
    const direct = await client.submit('parse', {
      input,
      async: { webhook: { mode: 'direct', url: `${url}/${TOKEN}` } },
    });
    for (const jobId of [signed, direct]) {
      const mailbox = env.client.workflow.getHandle(`document-job-mailbox-reducto-reducto-${jobId}`);
      await waitUntil(
        async () => (await mailbox.describe().catch(() => null)) !== null,
        'the mailbox is there',
        10_000,
      );
      const { type, taskQueue, raw } = await mailbox.describe();
      expect([type, taskQueue]).toEqual(['documentJobMailbox', 'document-jobs']);
      expect(raw.workflowExecutionInfo?.status).toBe(1);
      await mailbox.terminate();
    }
    await fetch(url, { method: 'POST', body: '{"canary":1}' });
    const { code, stdout, stderr } = await stop();
    expect(code).toBe(0);
    const lines = stderr
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('webhook'));
    expect(lines.sort()).toEqual([
      'webhook refused: no-signature (401, reducto)',
      'webhook taken (204, reducto)',
      'webhook taken (204, reducto)',
    ]);
    for (const secret of [SECRET, TOKEN, 'canary', signed]) expect(stdout + stderr).not.toContain(secret);
  });

  it('--test shows that an event arrives, and that others do not', async () => {
    const { url, stop } = await receiving(['webhook', '--port', '0']);
    const test = (at: string, secret = SECRET) => runCli(['webhook', '--test', at], { REDUCTO_WEBHOOK_SECRET: secret });
    const good = await test(url);
    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(good.stdout).toMatch(
      /signed event +204 +arrived\n.*changed.* 401 +refused\n.*10 minutes ago +401 +refused\n$/,
    );

    const direct = await test(`${url}/${TOKEN}`);
    expect(direct.code).toBe(0);
    expect(direct.stdout).toMatch(/event with the token +204 +arrived\n.*another token +404 +refused\n$/);
    expect(direct.stdout).not.toContain(TOKEN);

    const other = await test(url, newSecret());
    expect([other.code, other.stdout]).toEqual([
      1,
      expect.stringMatching(/401 +refused: the receiver has another secret/),
    ]);
    const nobody = await test(url.replace(/reducto$/, 'pulse'), SECRET);
    expect(nobody.code).toBe(2);
    expect((await stop()).stderr).toContain('webhook test (204, reducto)');
    const away = await test(url);
    expect([away.code, away.stderr]).toEqual([4, expect.stringContaining('does not answer')]);
  });

  it('the worker receives beside its work', async () => {
    const { url, stop } = await receiving(['worker', '--webhook-port', '0'], vendors());
    const { code, stdout } = await runCli(['webhook', '--test', url], RECEIVED);
    expect([code, stdout]).toEqual([0, expect.stringContaining('arrived')]);
    expect((await stop()).code).toBe(0);
  });
});

describe('docjobs webhook --configure', () => {
  it.each([
    ['reducto', 'https://app.svix.com/login#key=sandbox'],
    ['pulse', 'https://app.svix.com/login#key=sandbox'],
  ])(
    'of %s prints the portal’s link, the place of the secret and what to enter, and keeps none of it',
    async (account, link) => {
      const state = await mkdtemp(join(tmpdir(), 'docjobs-portal-'));
      const more = { ...vendors(), XDG_STATE_HOME: state };
      const { code, stdout, stderr } = await runCli(['webhook', '--configure', '--account', account], more);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout.split('\n').at(-2)).toBe(`  ${link}`);
      expect(stdout).toContain(`https://<your host>/webhooks/${account}`);
      expect(stdout).toContain(`${account.toUpperCase()}_WEBHOOK_SECRET`);
      for (const file of await readdir(state, { recursive: true, withFileTypes: true })) {
        if (file.isFile()) expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain(link);
      }
      await rm(state, { recursive: true });
    },
  );

  it('without a key, or with a wrong one', async () => {
    expect((await runCli(['webhook', '--configure'])).code).toBe(2);
    const refused = await runCli(['webhook', '--configure'], { ...vendors(), REDUCTO_API_KEY: 'wrong-key-canary' });
    expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('reducto refuses the key')]);
    expect(refused.stderr).not.toContain('canary');
  });
});

describe('wrong usage ends with exit code 2', () => {
  const wrong: [string, string[], Record<string, string>, string][] = [
    ['no secret', ['webhook'], {}, 'set PULSE_WEBHOOK_SECRET or REDUCTO_WEBHOOK_SECRET or DOCJOBS_WEBHOOK_TOKEN'],
    [
      'none for the account',
      ['webhook', '--account', 'pulse'],
      RECEIVED,
      'no webhook secret for pulse: set PULSE_WEBHOOK_SECRET;',
    ],
    [
      'a secret that is none',
      ['webhook'],
      { REDUCTO_WEBHOOK_SECRET: 'canary' },
      'REDUCTO_WEBHOOK_SECRET: expected a signing secret',
    ],
    [
      'a token that can be guessed',
      ['webhook'],
      { DOCJOBS_WEBHOOK_TOKEN: 'canary' },
      'DOCJOBS_WEBHOOK_TOKEN: expected 32',
    ],
    ['a URL that is none', ['webhook', '--test', 'example.com'], RECEIVED, '--test: expected the URL'],
    [
      'no secret to sign with',
      ['webhook', '--test', 'http://127.0.0.1:9/webhooks/pulse'],
      {},
      'set PULSE_WEBHOOK_SECRET',
    ],
    ['a worker without one', ['worker', '--webhook-port', '0'], { REDUCTO_API_KEY: 'k' }, 'no webhook secret'],
  ];
  let results: CliResult[];
  beforeAll(async () => {
    results = await runCommands(
      wrong.map(([, args, more]) => ({ args, env: { XDG_STATE_HOME: join(dir, 'none'), ...more } })),
    );
  });

  it.each(wrong.map(([what, , , message], index) => [what, message, index] as const))('%s', (_what, message, index) => {
    const { code, stdout, stderr } = results[index]!;
    expect(stderr).toContain(message);
    expect([code, stdout, stderr.trimEnd().split('\n').length]).toEqual([2, '', 1]);
    expect(stderr).not.toContain('canary');
  });
});

describe('secrets of the environment', () => {
  it('are several by commas or line breaks, and the token is for vendors that call without a signature', () => {
    const [a, b, token] = [newSecret(), newSecret(), newToken()];
    const given = { REDUCTO_WEBHOOK_SECRET: `${a},\n${b} `, PULSE_WEBHOOK_SECRET: b, DOCJOBS_WEBHOOK_TOKEN: token };
    expect(webhookAccounts([], given)).toEqual({
      pulse: { provider: 'pulse', secrets: [b] },
      reducto: { provider: 'reducto', secrets: [a, b], directToken: [token] },
    });
    expect(webhookAccounts(['reducto-sandbox'], { REDUCTO_WEBHOOK_SECRET: a })).toEqual({
      'reducto-sandbox': { provider: 'reducto', secrets: [a] },
    });
  });
});

it('a self-test knows another server that says 2xx', async () => {
  const { handle } = receiver();
  const other = await serveWebhooks(async () => new Response(null, { status: 204 }), { port: 0 });
  const ours = await serveWebhooks(handle, { port: 0 });
  const run = async (url: string) =>
    (await webhookSelfTest(new URL(`${url}/webhooks/reducto`), SECRET)).map(({ passed }) => passed);
  expect([await run(other.url), await run(ours.url)]).toEqual([[false], [true, true, true]]);
  await Promise.all([other.close(), ours.close()]);
});

it('runDocumentWorker receives beside its work, and stops with it', { timeout: 60_000 }, async () => {
  const [port = 0] = await freePorts(1);
  const code = `
    import { runDocumentWorker } from './dist/worker.js';
    import { mockDocumentActivities } from './dist/testing/index.js';
    const accounts = { reducto: { provider: 'reducto', secrets: process.env.REDUCTO_WEBHOOK_SECRET } };
    await runDocumentWorker({ activities: mockDocumentActivities({}), taskQueue: '${randomUUID()}', webhooks: { port: ${port}, accounts } });`;
  const { spawn } = await import('node:child_process');
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: {
      ...process.env,
      ...RECEIVED,
      TEMPORAL_ADDRESS: env.connection.options.address,
      TEMPORAL_CONFIG_FILE: '/nonexistent',
    },
    stdio: 'ignore',
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = new URL(`http://127.0.0.1:${port}/webhooks/reducto`);
  const status = async (): Promise<number | null> =>
    (await fetch(url, { method: 'PUT' }).catch(() => null))?.status ?? null;
  await waitUntil(async () => (await status()) === 405 || child.exitCode !== null, 'it listens', 30_000);
  expect((await webhookSelfTest(url, SECRET)).map(({ passed }) => passed)).toEqual([true, true, true]);
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
});
