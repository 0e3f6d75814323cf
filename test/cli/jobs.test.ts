import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { jobsText } from '../../src/cli/jobs-text.js';
import { createProgram } from '../../src/cli/program.js';
import { environmentSecrets, secretVariable } from '../../src/cli/secrets.js';
import { shellWord } from '../../src/cli/shell-word.js';
import type { ListedJobs } from '../../src/providers/provider.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';

let sandbox: Sandbox;
let state: string;
const ids: string[] = [];
let printed = '';

beforeAll(async () => {
  sandbox = await createSandbox();
  state = await mkdtemp(join(tmpdir(), 'docjobs-jobs-'));
  const headers = { authorization: `Bearer ${sandbox.reducto.apiKey}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ input: 'http://127.0.0.1:9/none.pdf', classification_schema: [] });
  for (const path of ['parse_async', 'parse_async', 'parse_async']) {
    const answer = await fetch(`${sandbox.reducto.baseUrl}/${path}`, { method: 'POST', headers, body });
    ids.unshift(((await answer.json()) as { job_id: string }).job_id);
  }
});
afterAll(async () => {
  await sandbox.close();
  await rm(state, { recursive: true, force: true });
});
beforeEach(() => {
  printed = '';
  vi.stubEnv('REDUCTO_API_KEY', sandbox.reducto.apiKey);
  vi.stubEnv('REDUCTO_BASE_URL', sandbox.reducto.baseUrl);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const jobs = (...args: string[]): Promise<unknown> =>
  createProgram().parseAsync(['jobs', '--state', state, ...args], { from: 'user' });
const lines = (): Record<string, unknown>[] =>
  printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('docjobs jobs', () => {
  it('shows a page as a table, and how to get the next one', async () => {
    await jobs('--limit', '2');
    const [head, , first, second] = printed.split('\n');
    expect(head?.trim().split(/ {2,}/)).toEqual(['id', 'status', 'type', 'created', 'pages']);
    expect(first).toMatch(new RegExp(`^ +${ids[0]} +(queued|running|failed) +Parse +\\d{4}-\\d\\d-\\d\\dT`));
    expect(second).toContain(ids[1]);
    expect(printed).not.toContain(ids[2]);
    const next = /^Next page: docjobs jobs --limit 2 --state \S+ --cursor (\S+)$/m.exec(printed)?.[1];
    printed = '';
    await jobs('--limit', '2', '--cursor', next ?? '');
    expect(printed).toContain(ids[2]);
    expect(printed).not.toContain('Next page');
  });

  it('gives one JSON object a line, the way to the next page last', async () => {
    await jobs('--json', '--limit', '2');
    expect(lines()).toEqual([
      expect.objectContaining({ jobId: ids[0], type: 'Parse', vendorStatus: expect.any(String) as string }),
      expect.objectContaining({ jobId: ids[1] }),
      { nextCursor: expect.any(String) as string, sandbox: false },
    ]);
    const [, , last] = lines();
    printed = '';
    await jobs('--json', '--cursor', String(last?.nextCursor));
    expect(lines()).toEqual([expect.objectContaining({ jobId: ids[2] }), { nextCursor: null, sandbox: false }]);
  });

  it('takes the vendor from the account', async () => {
    await jobs('--account', 'acme', '--limit', '1');
    expect(printed).toContain(ids[0]);
    expect(printed).toContain('docjobs jobs --account acme --limit 1');
  });

  it.each([
    [['--limit', '0'], 'whole number from 1'],
    [['--limit', '1.5'], 'whole number from 1'],
    [['--limit', '501'], 'limit: expected a whole number from 1 to 500, got 501'],
    [['--cursor', ''], 'cursor: expected'],
    [['--cursor', 'made-up'], 'reducto refuses to list: 400 Invalid cursor'],
    [['--provider', 'acme'], '--provider acme: unknown; there is'],
    [['--sandbox', '--account', 'acme'], 'leave it out with --sandbox'],
  ])('%j is wrong usage', async (args, message) => {
    const error: unknown = await jobs(...args).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toContain(message);
    // What commander finds itself ends with 2 as well: see main.
    if (!(error as { code?: string }).code?.startsWith('commander.')) expect(error).toMatchObject({ exitCode: 2 });
    expect(printed).toBe('');
  });

  it('a vendor that can not list says so and why, before it asks for a key', async () => {
    await expect(jobs('--provider', 'pulse')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/pulse has no job list: its API can't list jobs.*"docjobs list"/) as string,
    });
  });

  it('without a key it names both ways on', async () => {
    vi.stubEnv('REDUCTO_API_KEY', '');
    await expect(jobs()).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/REDUCTO_API_KEY.*--sandbox/) as string,
    });
  });

  it('a refused key and a vendor that is away end with 4', async () => {
    vi.stubEnv('REDUCTO_API_KEY', 'wrong-canary');
    await expect(jobs()).rejects.toMatchObject({
      exitCode: 4,
      message: 'reducto refuses the key (HTTP 401): check REDUCTO_API_KEY',
    });
    vi.stubEnv('REDUCTO_BASE_URL', 'http://127.0.0.1:9');
    await expect(jobs()).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining("can't be reached") as string,
    });
  });

  it('documents itself with examples', async () => {
    const error: unknown = await jobs('--help').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 0 });
    for (const part of ['Usage: docjobs jobs', 'Examples:', 'docjobs jobs --json', 'Environment:', 'Exit codes:']) {
      expect(printed).toContain(part);
    }
  });
});

describe('the text of a page', () => {
  const question = {
    provider: { statuses: { completed: 'completed' } },
    command: ['docjobs', 'jobs'],
    sandbox: false,
  } as const;
  const job = {
    jobId: 'j',
    status: 'running',
    vendorStatus: 'Archived',
    type: null,
    operation: null,
    createdAt: null,
    pages: null,
  } as const;
  const page: ListedJobs = { jobs: [job], nextCursor: null };

  it('keeps a word that we do not know, and columns without a value', () => {
    expect(jobsText(page, question)).toMatch(/\n +j +running \(Archived\) +– +– +–\n$/);
  });
  it('says when there are none, and whose they are', () => {
    expect(jobsText({ jobs: [], nextCursor: null }, question)).toBe('No jobs.\n');
    expect(jobsText(page, { ...question, sandbox: true })).toMatch(/sandbox's jobs.*no vendor was asked/);
  });
  it('quotes a cursor for the shell', () => {
    expect(jobsText({ jobs: [], nextCursor: "it's; rm" }, question)).toContain(
      `Next page: docjobs jobs --cursor 'it'\\''s; rm'\n`,
    );
    expect(['a-b=', 'two words', ''].map(shellWord)).toEqual(['a-b=', `'two words'`, `''`]);
  });
});

describe('secrets of the environment', () => {
  it.each([
    ['acme', 'DOCUMENT_SECRET_ACME'],
    ['acme-contracts.2026', 'DOCUMENT_SECRET_ACME_CONTRACTS_2026'],
    ['Größe', 'DOCUMENT_SECRET_GR__E'],
  ])('%s is in %s', (name, variable) => {
    expect(secretVariable(name)).toBe(variable);
    expect(environmentSecrets({ [variable]: ' pass word ' })(name)).toBe(' pass word ');
    expect(environmentSecrets({ [variable]: '' })(name)).toBeUndefined();
    expect(environmentSecrets({})(name)).toBeUndefined();
  });
});
