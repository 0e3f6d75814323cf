import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchForecast } from '../../src/jobs/batch-forecast.js';
import { type BatchStand, createBatchStand, ofKind, resultOf } from './batch-stand.js';
import { runCli } from './run-cli.js';

const DOCUMENTS = 24;
const FAILED = { job: { failed: { name: 'LAYOUT_FAILED', message: 'it would not do' } } } as const;

let stand: BatchStand;
let folder: string;
let batchId = '';
beforeAll(async () => {
  stand = await createBatchStand();
  folder = await stand.folder('in', DOCUMENTS);
  await writeFile(join(folder, 'broken.pdf'), `%PDF-1.7\n${'x'.repeat(200)}`);
});
afterAll(() => stand[Symbol.asyncDispose]());

describe('docjobs batch', { timeout: 120_000 }, () => {
  it('--plan prints a forecast, starts nothing and asks no vendor', async () => {
    const rates = join(stand.dir, 'rates.json');
    await writeFile(rates, '{"creditsPerPage":{"parse":2},"pricePerCredit":0.5,"currency":"EUR"}');
    const plan = ['batch', folder, '--plan', '--rates', rates, '--rate', '5', '--state', join(stand.dir, 'untouched')];
    const text = await runCli(plan);
    expect(text.code, text.stderr).toBe(0);
    expect(text.stdout).toMatch(/^ {2}documents +25 *$/m);
    expect(text.stdout).toMatch(/^ {2}pages +25 +24 counted, 1 taken to be like these$/m);
    expect(text.stdout).toMatch(/^ {2}price +25\.00 EUR/m);
    const json = await runCli([...plan, '--json']);
    const { forecast } = JSON.parse(json.stdout) as { forecast: BatchForecast };
    expect(forecast).toMatchObject({ documents: 25, pages: 25, credits: 50, startsMs: 4_800, jobs: { parse: 25 } });
    await expect(stat(join(stand.dir, 'untouched'))).rejects.toThrow('ENOENT');
    expect(stand.sandbox.ledger.counts()).toMatchObject({ submits: 0, reads: 0, uploads: 0 });
  });

  it('runs, says what failed and ends with exit code 1', async () => {
    stand.sandbox.faults.set([{ ...FAILED, nth: { from: 1, to: 3 } }]);
    const out = join(stand.dir, 'record.csv');
    const run = await runCli(stand.batch(folder, '--out', out));
    const status = resultOf(run);
    batchId = status.batchId;
    expect(run.code, run.stderr).toBe(1);
    expect(ofKind(run.events, 'started')).toMatchObject([
      { workflowId: batchId, source: folder, existing: 'no', sandbox: true, forecast: { documents: 25 } },
    ]);
    expect(ofKind(run.events, 'progress').length).toBeGreaterThan(0);
    const { done, failed, refused } = status.ended;
    expect({ documents: status.documents, done, notDone: failed + refused }).toEqual({
      documents: 25,
      done: 21,
      notDone: 4,
    });
    const csv = (await readFile(out, 'utf8')).trimEnd().split('\r\n');
    expect(csv).toHaveLength(1 + 25);
    expect(csv[0]).toMatch(/^index,id,source,state/);
  });

  it('the same documents again start nothing and cost nothing', async () => {
    const before = stand.accepted();
    const again = await runCli(stand.batch(folder));
    expect(ofKind(again.events, 'started')).toMatchObject([{ workflowId: batchId, existing: 'completed' }]);
    expect(resultOf(again).ended.done).toBe(21);
    expect(again.code).toBe(1);
    expect(stand.accepted()).toBe(before);
  });

  it('rows chooses, status, result and list know it', async () => {
    expect(await stand.rows(batchId)).toHaveLength(25);
    const unfinished = await stand.rows(batchId, '--only', 'unfinished');
    expect(unfinished).toHaveLength(4);
    expect(await stand.rows(batchId, '--error', 'DocumentJobFailed', '--only', 'failed')).toHaveLength(
      unfinished.filter(({ error, state }) => error?.type === 'DocumentJobFailed' && state === 'failed').length,
    );
    const status = JSON.parse((await runCli(['status', batchId, '--json', ...stand.base()])).stdout) as object;
    expect(status).toMatchObject({ status: 'completed', batch: { documents: 25 }, forecast: { documents: 25 } });
    const result = await runCli(['result', batchId, ...stand.base()]);
    expect(result.code).toBe(1);
    expect(JSON.parse(result.stdout)).toMatchObject({ batchId, stage: 'ended' });
    const list = await runCli(['list', '--json', ...stand.base()]);
    expect(list.stdout).toContain(`"workflowId":"${batchId}","type":"processBatch","status":"completed"`);
  });

  it('redrive touches what it is told and nothing else', async () => {
    stand.sandbox.faults.set([]);
    const before = stand.accepted();
    const failed = (await stand.rows(batchId, '--only', 'unfinished')).filter(({ id }) => id !== 'broken.pdf');
    expect(failed).toHaveLength(3);
    const ids = join(stand.dir, 'ids.txt');
    await writeFile(ids, failed.map(({ id }) => `${id}\n`).join(''));
    const redriven = await runCli(['batch', 'redrive', batchId, '--ids', ids, '--json', ...stand.base()]);
    expect(redriven.code, redriven.stderr).toBe(0);
    expect(redriven.events[0]).toMatchObject({ event: 'started', workflowId: `${batchId}/redrive-1`, existing: 'no' });
    expect(resultOf(redriven)).toMatchObject({ documents: 3, ended: { done: 3 } });
    expect(stand.accepted()).toBe(before + 3);
    expect((await stand.rows(batchId, '--only', 'unfinished')).map(({ id }) => id)).toEqual(['broken.pdf']);
  });

  it('report is one page that loads nothing and knows the whole record', async () => {
    const out = join(stand.dir, 'report.html');
    const { code, stderr } = await runCli(['report', batchId, '--out', out, ...stand.base()]);
    expect(code, stderr).toBe(0);
    const page = await readFile(out, 'utf8');
    expect(page).toContain('broken.pdf');
    expect(page).toContain('2 drives');
    expect(page).toContain('All of this came from the sandbox');
    expect(page).toContain('Forecast and actual');
    expect(page).not.toMatch(/<script|<link|src=|https?:\/\/(?!127)/);
  });

  it('without --json there is a line a change, then forecast and actual', async () => {
    const { stdout, code } = await runCli(stand.batch(folder).filter((flag) => flag !== '--json'));
    expect(code).toBe(1);
    expect(stdout).toContain(
      `already done as ${batchId}; nothing was started (docjobs batch redrive ${batchId} --state`,
    );
    expect(stdout).toMatch(/^ {2}documents +25 +25$/m);
    expect(stdout).not.toMatch(/\u001b/);
  });
});

describe('wrong usage ends at once with exit code 2', { timeout: 30_000 }, () => {
  it.each<[string, () => string[], string]>([
    ['no manifest', () => ['batch'], 'name a manifest'],
    [
      'a document',
      () => ['batch', 'examples/invoice-packet.pdf', '--sandbox'],
      'expected a manifest that ends with .jsonl',
    ],
    ['nothing there', () => ['batch', 'none.csv', '--sandbox'], 'none.csv: no such file'],
    ['a bucket without a worker of yours', () => ['batch', 's3://b/p', '--plan'], 'only a worker can list s3://b/p'],
    ['a half budget', () => ['batch', folder, '--sandbox', '--on-budget', 'stop'], '--on-budget needs a budget'],
    ['no such state', () => ['batch', 'rows', 'x', '--only', 'lost'], '--only lost: there is done'],
    ['an unknown batch', () => ['batch', 'pause', 'none', ...stand.base()], 'none: no such workflow'],
    ['a batch without a record', () => ['report', 'none', ...stand.base()], 'has no record of it'],
    ['an ended batch', () => ['batch', 'resume', batchId, ...stand.base()], 'has ended (completed): nothing to change'],
    ['a window of nothing', () => ['batch', 'window', batchId, '0'], 'Expected a whole number from 1'],
  ])('%s', async (_what, args, message) => {
    const { code, stderr, stdout } = await runCli(args(), { XDG_STATE_HOME: join(stand.dir, 'elsewhere') });
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each(['batch', 'batch redrive', 'batch rows', 'batch budget', 'report'])(
    '%s --help documents flags and exit codes',
    async (command) => {
      const { code, stdout } = await runCli([...command.split(' '), '--help']);
      expect(code).toBe(0);
      for (const part of [`Usage: docjobs ${command}`, 'Options:', 'Exit codes:']) expect(stdout).toContain(part);
    },
  );
});
