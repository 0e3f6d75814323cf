import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reapText } from '../../src/cli/reap-text.js';
import { newSweep } from '../../src/jobs/reap.js';
import { createDevServerEnv } from '../support/temporal.js';
import { waitUntil } from '../support/wait-until.js';
import { removeState, runCli, startCli } from './run-cli.js';

let env: TestWorkflowEnvironment;
let dir: string;
let pdf: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-reap-'));
  pdf = join(dir, 'a.pdf');
  await copyFile('examples/invoice-packet.pdf', pdf);
  env = await createDevServerEnv();
});
afterAll(async () => {
  await env.teardown();
  await removeState(join(dir, 'state'));
  await rm(dir, { recursive: true, force: true });
});

const reap = (...args: string[]) => {
  const { address } = env.connection.options;
  return runCli(['reap', ...args, '--json', '--state', join(dir, 'state'), '--address', address]);
};

describe('docjobs reap', { timeout: 120_000 }, () => {
  it('cancels the job of a command that was killed and whose workflow was terminated', async () => {
    const { address } = env.connection.options;
    const state = join(dir, 'state');
    const args = ['process', pdf, '--sandbox', '--speed', '0.01', '--json', '--state', state, '--address', address];
    const running = startCli(args);
    const { workflowId, jobId } = await running.event(({ event }) => event === 'job');
    const handle = env.client.workflow.getHandle(workflowId);
    await waitUntil(
      async () => JSON.stringify(await handle.fetchHistory()).includes('imerStarted'),
      'the job is waited for',
    );
    running.child.kill('SIGKILL');
    await running.done;
    await handle.terminate('gone');
    await waitUntil(
      async () => (await env.client.workflow.count(`ExecutionStatus = 'Terminated'`)).count > 0,
      'it is listed',
    );

    const dry = await reap('--sandbox', '--dry-run', '--minimum-age', '1ms');
    expect(dry.code, dry.stderr).toBe(0);
    expect(dry.events).toMatchObject([
      { event: 'orphan', jobId, workflowId, operation: 'parse', outcome: 'running' },
      { event: 'result', result: { dryRun: true, orphans: 1 } },
    ]);
    expect((await reap('--sandbox')).events).toMatchObject([{ event: 'result', result: { orphans: 0, young: 1 } }]);
    const done = await reap('--sandbox', '--minimum-age', '1ms');
    expect(done.code, done.stderr).toBe(0);
    expect(done.events).toMatchObject([{ event: 'orphan', jobId, outcome: 'cancelled' }, { event: 'result' }]);
    expect((await reap('--sandbox', '--minimum-age', '1ms')).events).toMatchObject([{ result: { orphans: 0 } }]);
  });

  it('makes a schedule once, brings it up to date, and ends it', async () => {
    const scheduleId = 'document-jobs-reaper';
    const first = await reap('--schedule', '--type', 'invoice');
    expect(first.code, first.stderr).toBe(0);
    expect(first.events).toEqual([
      { event: 'scheduled', scheduleId, done: 'created', everyMs: 600_000, taskQueue: 'document-jobs' },
    ]);
    expect((await reap('--schedule', '--every', '3m')).events).toMatchObject([{ done: 'updated', everyMs: 180_000 }]);
    const { spec, action } = await env.client.schedule.getHandle(scheduleId).describe();
    expect(spec.intervals).toMatchObject([{ every: 180_000 }]);
    expect(action).toMatchObject({ workflowType: 'reapOrphanedJobs', args: [{}] });
    expect((await reap('--unschedule')).events).toMatchObject([{ event: 'unscheduled', was: true }]);
    expect((await reap('--unschedule')).events).toMatchObject([{ event: 'unscheduled', was: false }]);
  });

  it.each([
    [['--every', '5m'], '--every is for a schedule'],
    [['--schedule', '--unschedule'], 'not both'],
    [['--schedule', '--dry-run'], '--dry-run is for one sweep'],
    [['--query', 'x', '--type', 'y'], 'leave out --type'],
    [['--since', 'yesterday'], 'Expected a duration'],
    [['--sandbox', '--query', 'Nonsense !'], 'query: Temporal refuses'],
  ])('%j is wrong usage', async (args, words) => {
    const { code, stderr } = await reap(...args);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
    expect(stderr).not.toMatch(/\bat .+:\d+:\d+/);
  });
});

describe('the report', () => {
  const { next: _next, seen: _seen, ...report } = newSweep({ dryRun: false, sweptFrom: 'A', sweptUntil: 'B' });

  it('says so when there is nothing', () => {
    expect(reapText({ ...report, workflows: 7, suspects: 3, owned: 2, young: 1, notes: ['pulse: no list'] })).toBe(
      "No orphaned jobs.\n7 closed workflows (A to B) and the vendors' lists: 3 jobs asked about, 2 in use, 1 too young.\nnote: pulse: no list\n",
    );
  });

  it('names each orphan, and what to do about those that could not be reached', () => {
    const job = { provider: 'reducto', account: 'reducto', operation: 'parse', jobId: 'j1', workflowId: 'wf' } as const;
    const facts = { foundIn: 'history', submittedAt: null, pages: null, credits: null } as const;
    const text = reapText({
      ...report,
      orphans: [{ ...job, ...facts, outcome: 'unknown', reason: 'GET /job/{id}: down' }],
      unresolved: 1,
      notListed: 4,
    });
    expect(text).toMatch(/j1 +reducto parse +unknown +history +wf +GET \/job\/\{id\}: down/);
    expect(text).toContain('and 4 more');
    expect(text).toContain('1 could not be told to stop: run it again');
  });
});
