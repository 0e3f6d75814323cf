import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isYes } from '../../src/cli/confirm.js';
import type { ForgetReport } from '../../src/jobs/forget.js';
import type { DocumentManifest } from '../../src/jobs/manifest.js';
import { reducto } from '../../src/providers/index.js';
import { of, statesOf } from '../support/forget.js';
import { type CliEvent, removeState, runCli, startCli } from './run-cli.js';

let dir: string;
let state: string;
let pdf: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-forget-'));
  state = join(dir, 'state');
  pdf = join(dir, 'private name.pdf');
  await copyFile('examples/invoice-packet.pdf', pdf);
});
afterAll(async () => {
  await removeState(state);
  await rm(dir, { recursive: true, force: true });
});

const run = (...args: string[]) => runCli([...args, '--json', '--state', state]);
const processArgs = (...args: string[]): string[] => ['process', pdf, '--sandbox', '--json', '--state', state, ...args];

const resultOf = <T>(events: CliEvent[]): T => events.at(-1)?.result as T;

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** The sandbox that the commands of the state folder share. */
async function sandboxVendor() {
  const { url, key } = JSON.parse(await readFile(join(state, 'sandbox.json'), 'utf8')) as { url: string; key: string };
  return reducto({ apiKey: key, baseUrl: `${url}/reducto` });
}

describe('docjobs forget, on the embedded server', { timeout: 120_000 }, () => {
  it('erases results, jobs and upload of a document, tells of each place, and can be run again', async () => {
    const schema = ['--schema', 'examples/invoice.schema.json'];
    const done = await runCli(processArgs('--workflow-id', 'one', '--speed', '20', ...schema));
    expect(done.code, done.stderr).toBe(0);
    const out = join(dir, 'out');

    const manifest = await run('result', 'one', '--manifest', '--out', out);
    expect(manifest.code, manifest.stderr).toBe(0);
    const told = manifest.events.at(-1)?.manifest as DocumentManifest;
    expect(told).toMatchObject({
      workflowId: 'one',
      sources: [{ kind: 'file', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
      jobs: [
        { operation: 'parse', outcome: 'completed', model: 'r-1' },
        { operation: 'extract', outcome: 'completed' },
      ],
      library: { name: 'temporal-document-jobs' },
    });
    expect(JSON.parse(await readFile(join(out, 'one.manifest.json'), 'utf8'))).toEqual(told);
    for (const canary of ['sandbox-key', 'private name', 'X-Amz', state]) {
      expect(manifest.stdout, canary).not.toContain(canary);
    }

    const refused = await run('forget', 'one');
    expect(refused.stderr).toContain('add --yes');
    expect(refused.code).toBe(2);
    expect(await filesIn(join(state, 'results'))).toHaveLength(2);

    const forgotten = await run('forget', 'one', '--yes');
    expect(forgotten.code, forgotten.stderr).toBe(0);
    const report = resultOf<ForgetReport>(forgotten.events);
    expect(report).toMatchObject({ complete: true, workflowId: 'one' });
    expect(forgotten.events.filter(({ event }) => event === 'place')).toHaveLength(report.places.length);
    expect(statesOf(report).filter((row) => !row.startsWith('claim'))).toEqual([
      'vendor_job parse erased',
      'vendor_job extract erased',
      'vendor_upload erased',
      'result parse erased',
      'result extract erased',
    ]);
    expect(await filesIn(join(state, 'results'))).toEqual([]);
    const vendor = await sandboxVendor();
    for (const { id, operation = 'parse' } of of(report, 'vendor_job'))
      expect(await vendor.get(id, operation, {})).toBeNull();
    expect(await vendor.deleteUpload?.(of(report, 'vendor_upload')[0]?.id ?? '', {})).toBe(false);
    await vendor.close();

    const again = await runCli(['forget', 'one', '--yes', '--state', state]);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stdout).toMatch(/upload at the vendor +reducto +reducto:\S+ +absent/);
    expect(again.stdout).toMatch(/history one|temporal workflow delete --workflow-id one/);
  });

  it('refuses a workflow that runs, and one that nobody knows', async () => {
    const running = startCli(processArgs('--workflow-id', 'two', '--speed', '0.01', '--force'));
    await running.event(({ event, status }) => event === 'job' && status === 'submitted');
    const refused = await run('forget', 'two', '--yes');
    expect(refused.stderr).toContain('cancel it first: docjobs cancel two');
    expect(refused.code).toBe(2);
    running.child.kill('SIGINT');
    expect((await running.done).code).toBe(3);

    const forgotten = await run('forget', 'two', '--yes');
    expect(forgotten.code, forgotten.stderr).toBe(0);
    expect(of(resultOf<ForgetReport>(forgotten.events), 'vendor_job')).toMatchObject([{ state: 'erased' }]);

    const unknown = await run('forget', 'nobody', '--yes');
    expect(unknown.stderr).toContain('no such workflow');
    expect(unknown.code).toBe(2);
  });
});

it.each([
  ['y', true],
  [' Yes ', true],
  ['', false],
  ['no', false],
  ['yesterday', false],
])('the answer %j means yes: %s', (answer, yes) => {
  expect(isYes(answer)).toBe(yes);
});
