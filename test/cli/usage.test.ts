import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { runCli, runCommands, type CliResult } from './run-cli.js';

const PDF = 'examples/invoice-packet.pdf';
let dir: string;
let sandbox: Sandbox;
/** Takes connections and never says a word. */
let silent: Server;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-usage-'));
  sandbox = await createSandbox();
  silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  await writeFile(join(dir, 'empty.pdf'), '');
  await writeFile(join(dir, 'text.pdf'), 'Dear all,\nthis is a letter.\n');
  await writeFile(join(dir, 'schema.json'), '{"type":"array"}');
});
afterAll(async () => {
  await sandbox.close();
  silent.close();
  await rm(dir, { recursive: true, force: true });
});

const key = (change: Record<string, string> = {}): Record<string, string> => ({
  REDUCTO_API_KEY: sandbox.reducto.apiKey,
  REDUCTO_BASE_URL: sandbox.reducto.baseUrl,
  ...change,
});

function expectOneLine(result: CliResult, code: number, message: string, limitMs: number): void {
  expect(result.stderr).toContain(message);
  expect(result).toMatchObject({ code, stdout: '' });
  expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(result.stderr).not.toMatch(/\bat .+:\d+:\d+/);
  expect(result.ms).toBeLessThan(limitMs);
}

describe('bad usage and input end at once with exit code 2', () => {
  const local = (name: string): string => join(dir, name);
  const wrong: [string, () => string[], string][] = [
    ['an unknown command', () => ['proces', PDF], "unknown command 'proces'"],
    ['no source', () => ['process'], 'SOURCE'],
    ['an unknown flag', () => ['process', PDF, '--frobnicate'], "unknown option '--frobnicate'"],
    ['a duration that is none', () => ['process', PDF, '--deadline', 'soon'], 'Expected a duration such as 8s'],
    ['an unknown provider', () => ['process', PDF, '--provider', 'acme'], '--provider acme: unknown; there is reducto'],
    ['a missing file', () => ['process', local('none.pdf'), '--sandbox'], 'none.pdf: no such file'],
    ['an empty file', () => ['process', local('empty.pdf'), '--sandbox'], 'empty.pdf: the file is empty'],
    ['a folder', () => ['process', dir, '--sandbox'], 'is a folder, expected a document'],
    ['not a PDF', () => ['process', local('text.pdf'), '--sandbox'], 'its name says .pdf but it holds text'],
    [
      'a URL in a private network',
      () => ['process', 'https://10.0.0.7/a.pdf?sig=x', '--sandbox'],
      'https://10.0.0.7/a.pdf: 10.0.0.7 is not public (private)',
    ],
    [
      'a URL with a login',
      () => ['process', 'https://u:p@h.example/a.pdf'],
      'https://h.example/a.pdf: has a user name',
    ],
    ['a schema of a list', () => ['process', PDF, '--schema', local('schema.json'), '--sandbox'], 'at /type: expected'],
    ['one id for two', () => ['process', PDF, PDF, '--workflow-id', 'x', '--sandbox'], 'give one SOURCE'],
    ['no key', () => ['process', PDF], 'set REDUCTO_API_KEY to your key, or add --sandbox'],
    ['a worker without a key', () => ['worker'], 'set REDUCTO_API_KEY to your key, or add --sandbox'],
  ];
  let results: CliResult[];
  beforeAll(async () => {
    const env = { XDG_STATE_HOME: join(dir, 'state') };
    results = await runCommands(wrong.map(([, args]) => ({ args: args(), env })));
  });

  it.each(wrong.map(([what, , message], index) => [what, message, index] as const))('%s', (_what, message, index) => {
    expectOneLine(results[index]!, 2, message, 10_000);
  });

  it.each([wrong[0]!, wrong.at(-1)!])('%s, in a process of its own', async (_what, args, message) => {
    expectOneLine(await runCli(args(), { XDG_STATE_HOME: join(dir, 'state') }), 2, message, 10_000);
  });
});

it('a variable that is not what it promises ends with exit code 2', async () => {
  const result = await runCli(['process', PDF], key({ REDUCTO_RESULT_HOSTS: 'https://storage.example' }));
  expectOneLine(result, 2, 'REDUCTO_RESULT_HOSTS: expected hosts such as "storage.example"', 10_000);
});

describe.concurrent('what can not be reached or refuses the key ends with exit code 4', () => {
  it('a wrong key', async () => {
    const result = await runCli(['process', PDF], key({ REDUCTO_API_KEY: 'wrong-key-canary' }));
    expectOneLine(result, 4, 'reducto refuses the key (HTTP 401): check REDUCTO_API_KEY', 15_000);
    expect(result.stderr).not.toContain('canary');
  });

  it('a vendor that is away', async () => {
    const result = await runCli(['process', PDF], key({ REDUCTO_BASE_URL: 'http://127.0.0.1:9/reducto' }));
    expectOneLine(result, 4, "reducto can't be reached", 15_000);
  });

  it('a vendor that never answers', async () => {
    const { port } = silent.address() as AddressInfo;
    const result = await runCli(['process', PDF], key({ REDUCTO_BASE_URL: `http://127.0.0.1:${port}` }));
    expectOneLine(result, 4, 'no answer within 10 s', 25_000);
  }, 40_000);

  it('a Temporal that is away', async () => {
    const result = await runCli(['process', PDF, '--address', '127.0.0.1:9', '--state', dir], key());
    expectOneLine(result, 4, "Temporal at 127.0.0.1:9 can't be reached", 25_000);
  }, 40_000);
});

describe('--help', () => {
  const COMMANDS = [
    'process',
    'status',
    'follow',
    'result',
    'cancel',
    'list',
    'jobs',
    'webhook',
    'worker',
    'sandbox',
    'dev',
  ];
  let results: CliResult[];
  beforeAll(async () => {
    results = await runCommands(COMMANDS.map((command) => ({ args: [command, '--help'] })));
  });

  it.each(COMMANDS.map((command, index) => [command, index] as const))(
    'of %s documents flags, environment and exit codes',
    (command, index) => {
      const { code, stdout } = results[index]!;
      expect(code).toBe(0);
      if (['process', 'worker', 'reap'].includes(command)) {
        expect(stdout).toContain('<VENDOR>_RESULT_HOSTS');
        expect(stdout).toContain('<VENDOR>_ALLOW_PRIVATE_SOURCES');
      }
      for (const part of [`Usage: docjobs ${command}`, 'Options:', 'Environment:', 'Exit codes:']) {
        expect(stdout).toContain(part);
      }
    },
  );

  it('is the same in a process of its own', async () => {
    const { code, stdout } = await runCli(['process', '--help']);
    expect([code, stdout]).toEqual([0, results[COMMANDS.indexOf('process')]!.stdout]);
  });
});
