import { appendFile, copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { SandboxProcess } from '../../src/cli/sandbox-process.js';
import { type CliEvent, removeState, runCli, startCli } from './run-cli.js';

const SCHEMA = ['--schema', 'examples/invoice.schema.json'];
const SPLIT = ['--split', 'examples/sections.json'];
let dir: string;
let state: string;
let a: string;
let b: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-process-'));
  state = join(dir, 'state');
  [a, b] = [join(dir, 'a.pdf'), join(dir, 'b.pdf')];
  await copyFile('examples/invoice-packet.pdf', a);
  await copyFile('examples/invoice-packet.pdf', b);
  // Another content, or both would be one document.
  await appendFile(b, '\n%b\n');
});
afterAll(async () => {
  await removeState(state);
  await rm(dir, { recursive: true, force: true });
});

/** The base of every command here: the sandbox and embedded server of this file's own state folder. */
const base = (): string[] => ['--state', state, '--json'];
const processArgs = (...args: string[]): string[] => ['process', ...args, '--sandbox', '--speed', '4', ...base()];

const ofKind = (events: readonly CliEvent[], kind: string): CliEvent[] => events.filter(({ event }) => event === kind);
const resultOf = (events: readonly CliEvent[]): ProcessDocumentResult =>
  ofKind(events, 'result')[0]?.result as ProcessDocumentResult;

async function acceptedJobs(): Promise<number> {
  const { url } = JSON.parse(await readFile(join(state, 'sandbox.json'), 'utf8')) as SandboxProcess;
  const ledger = (await (await fetch(`${url}/_sandbox/ledger`)).json()) as { counts: { accepted: number } };
  return ledger.counts.accepted;
}

describe('docjobs process --sandbox', { timeout: 120_000 }, () => {
  it('prints the events of two documents, and writes whole results', async () => {
    const out = join(dir, 'out');
    const { code, events, stdout } = await runCli(processArgs(a, b, '--out', out, ...SCHEMA, ...SPLIT));
    expect(code, stdout).toBe(0);
    expect(stdout).not.toMatch(/Signature|X-Amz/);
    const started = ofKind(events, 'started');
    expect(started.every((event) => event.sandbox === true)).toBe(true);
    expect(started.map((event) => event.source).sort()).toEqual(['a.pdf', 'b.pdf']);
    expect(ofKind(events, 'result')).toHaveLength(2);
    expect(Object.keys(ofKind(events, 'result')[0] ?? {})).toEqual(['event', 'workflowId', 'result']);

    const result = resultOf(events);
    expect(result).toMatchObject({
      schemaVersion: 1,
      provider: 'reducto',
      account: 'reducto-sandbox',
      status: 'complete',
      parsed: { pageCount: 9 },
      failures: [],
    });
    expect(result.receipt.jobs.map(({ operation }) => operation).sort()).toEqual(['extract', 'parse', 'split']);
    expect(result.split?.sections?.flatMap(({ pages }) => pages).every(Number.isInteger)).toBe(true);

    for (const operation of ['parse', 'extract', 'split']) {
      const jobs = ofKind(events, 'job').filter((event) => event.operation === operation);
      expect(jobs[0]).toMatchObject({ status: 'submitted', jobId: expect.any(String) as string });
      expect(jobs.at(-1)).toMatchObject({ status: 'completed' });
    }
    expect((await readdir(out)).sort()).toEqual(
      ['a', 'b'].flatMap((name) => ['extract', 'parse', 'split'].map((operation) => `${name}.${operation}.json`)),
    );
    const parse = JSON.parse(await readFile(join(out, 'a.parse.json'), 'utf8')) as { result: { type: string } };
    expect(parse.result.type).toBe('full');
  });

  it('answers the same document from its result, unless forced', async () => {
    const before = await acceptedJobs();
    const again = await runCli(processArgs(a, ...SCHEMA, ...SPLIT));
    expect(again.code).toBe(0);
    expect(ofKind(again.events, 'started')).toMatchObject([{ existing: 'completed' }]);
    expect(resultOf(again.events).status).toBe('complete');
    expect(await acceptedJobs()).toBe(before);

    const forced = await runCli(processArgs(a, '--force'));
    expect(ofKind(forced.events, 'started')).toMatchObject([{ existing: 'no' }]);
    expect(await acceptedJobs()).toBe(before + 1);
  });

  it('does the same with another vendor, and sends it the file itself where there is no upload', async () => {
    const out = join(dir, 'pulse');
    const { code, events, stdout } = await runCli(
      processArgs(a, '--provider', 'pulse', '--out', out, ...SCHEMA, ...SPLIT),
    );
    expect(code, stdout).toBe(0);
    const result = resultOf(events);
    expect(result).toMatchObject({
      provider: 'pulse',
      account: 'pulse-sandbox',
      status: 'complete',
      parsed: { pageCount: 9, reference: expect.any(String) as string },
      extract: { data: { total: 42846.6 } },
      receipt: { submits: 3 },
    });
    expect(result.split?.sections?.find(({ name }) => name === 'Invoice')?.pages).toEqual([3, 4]);
    expect(await readdir(out)).toHaveLength(3);
    expect(JSON.parse(await readFile(join(out, 'a.parse.json'), 'utf8'))).toHaveProperty('markdown');
  });

  it('status, result and list know it afterwards, without a worker', async () => {
    const { events } = await runCli(processArgs(a, ...SCHEMA, ...SPLIT));
    const workflowId = events[0]?.workflowId ?? '';
    const status = JSON.parse((await runCli(['status', workflowId, ...base()])).stdout) as object;
    expect(status).toMatchObject({ workflowId, status: 'completed', answered: true });
    const printed = await runCli(['result', workflowId, '--state', state]);
    expect(printed.code).toBe(0);
    expect(JSON.parse(printed.stdout)).toEqual(resultOf(events));
    const list = await runCli(['list', ...base()]);
    expect(list.stdout).toContain(`"workflowId":"${workflowId}","type":"processDocument","status":"completed"`);
  });

  it('result --out tells a result that was changed in the store, and leaves no file of it', async () => {
    const run = await runCli(processArgs(a, ...SCHEMA, '--workflow-id', 'changed', '--force'));
    const { parsed, extract } = resultOf(run.events);
    const stored = join(state, 'results', extract?.stored.key ?? '');
    const bytes = await readFile(stored);
    bytes.writeUInt8(bytes.readUInt8(9) ^ 1, 9);
    await writeFile(stored, bytes);
    const out = join(dir, 'out-changed');
    const { code, stderr } = await runCli(['result', 'changed', '--out', out, '--state', state]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^docjobs: the result of extract job ${extract?.jobId} under .* was changed`, 'm'),
    );
    expect((await readdir(out)).filter((name) => name.includes('extract') || name.endsWith('.partial'))).toEqual([]);
    expect((await readFile(join(out, 'changed.parse.json'))).byteLength).toBe(parsed.stored.size);
  });

  it.each(['status', 'follow', 'result', 'cancel'])('%s of an unknown id is exit code 2', async (command) => {
    const { code, stderr } = await runCli([command, 'no-such-id', ...base()]);
    expect(stderr).toMatch(/^docjobs: no-such-id: no such workflow .*\n$/m);
    expect(code).toBe(2);
  });

  it('a run killed with -9 goes on with follow, and nothing is paid twice', async () => {
    const before = await acceptedJobs();
    const cli = startCli(processArgs(a, ...SCHEMA, ...SPLIT, '--workflow-id', 'killed'));
    await cli.event(({ event, status }) => event === 'job' && status === 'submitted');
    cli.child.kill('SIGKILL');
    await cli.done;
    const followed = await runCli(['follow', 'killed', ...base()]);
    expect(followed.code, followed.stderr).toBe(0);
    expect(resultOf(followed.events)).toMatchObject({ status: 'complete', receipt: { submits: 3 } });
    expect(await acceptedJobs()).toBe(before + 3);
  });

  it('detached work goes on in the background', async () => {
    const detached = await runCli(processArgs(a, '--workflow-id', 'detached', '--detach'));
    expect(detached.code).toBe(0);
    expect(detached.stderr).toContain('docjobs follow detached');
    const followed = await runCli(['follow', 'detached', ...base()]);
    expect(resultOf(followed.events).status).toBe('complete');
  });

  it('without --json there is one line a change, then values, sections and the receipt', async () => {
    const { stdout, stderr } = await runCli([
      'process',
      a,
      ...SCHEMA,
      ...SPLIT,
      '--sandbox',
      '--force',
      '--state',
      state,
    ]);
    expect(stdout, stderr).toMatch(/^a\.pdf: started in the sandbox as document-/);
    expect(stdout).toMatch(/^a\.pdf: parse completed, job \S+, vendor says Completed$/m);
    expect(stdout).toMatch(/^Extracted$/m);
    expect(stdout).toMatch(/^Sections$/m);
    expect(stdout).toMatch(/^Receipt: 3 jobs · 3 submits · \d+ reads · \d+ history events · \d+ billable actions$/m);
    expect(stdout).toContain('All of this came from the sandbox');
    expect(stdout).not.toMatch(/\u001b/);
  });
});
