import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BatchStand, createBatchStand, statusOf } from './batch-stand.js';
import { waitUntil } from '../support/wait-until.js';
import { runCli, startCli } from './run-cli.js';

let stand: BatchStand;
beforeAll(async () => {
  stand = await createBatchStand();
});
afterAll(() => stand[Symbol.asyncDispose]());

const json = (): string[] => ['--json', ...stand.base()];
/** Jobs at the vendor that have not ended, and that were cancelled. */
const jobs = (): { live: number; cancelled: number } => {
  const all = stand.sandbox.ledger.jobs();
  return {
    live: all.filter(({ endedAt }) => endedAt === null).length,
    cancelled: all.filter(({ state }) => state === 'Cancelled').length,
  };
};

describe('a batch that runs', { timeout: 120_000 }, () => {
  it('starts paused, goes on when told, waits at its budget, and takes another window and pace', async () => {
    const folder = await stand.folder('steered', 12);
    const cli = startCli(
      stand.batch(folder, '--paused', '--max-pages', '4', '--window', '2', '--workflow-id', 'steered'),
    );
    await cli.event(({ event, ...rest }) => event === 'progress' && statusOf(rest as never).stage === 'paused');
    expect(stand.accepted()).toBe(0);

    const resumed = await runCli(['batch', 'resume', 'steered', ...json()]);
    expect(resumed.code, resumed.stderr).toBe(0);
    await cli.event((event) => event.event === 'progress' && statusOf(event).stage === 'budget_reached');
    // What was under way when the limit was reached still ended.
    expect(stand.accepted()).toBeGreaterThanOrEqual(4);
    expect(stand.accepted()).toBeLessThanOrEqual(6);

    expect((await runCli(['batch', 'window', 'steered', '5', ...json()])).code).toBe(0);
    expect((await runCli(['batch', 'rate', 'steered', '15', ...json()])).code).toBe(0);
    const freed = await runCli(['batch', 'budget', 'steered', '--none', ...json()]);
    expect(freed.events).toMatchObject([
      { event: 'changed', status: { window: 5, startsPerSecond: 15, budget: null } },
    ]);
    const { code, events } = await cli.done;
    expect(code).toBe(0);
    expect(events.at(-1)).toMatchObject({ event: 'result', result: { ended: { done: 12 }, pages: 12 } });
    expect(stand.accepted()).toBe(12);
  });

  it('the first Ctrl-C cancels every job and waits for the truth; the record says so', async () => {
    stand.sandbox.faults.set([{ job: 'stuck' }]);
    const folder = await stand.folder('interrupted', 10);
    const before = jobs();
    const cli = startCli(stand.batch(folder, '--workflow-id', 'interrupted', '--window', '8'));
    await cli.event((event) => event.event === 'progress' && statusOf(event).running === 8);
    await waitUntil(() => jobs().live === 8, 'all jobs are accepted', 60_000);
    cli.child.kill('SIGINT');
    const { code, events, stderr } = await cli.done;
    expect(code, stderr).toBe(3);
    expect(stderr).toContain('Cancelling 8 running documents');
    expect(events.at(-1)).toMatchObject({ event: 'cancelled', receipt: { running: 0, ended: { cancelled: 8 } } });
    expect(jobs()).toEqual({ live: 0, cancelled: before.cancelled + 8 });
    const rows = await stand.rows('interrupted', '--only', 'cancelled');
    expect(rows.flatMap(({ jobs }) => jobs.map(({ outcome }) => outcome))).toEqual(Array(8).fill('cancelled'));
  });

  it('docjobs cancel does the same from elsewhere, and the command that follows ends with it', async () => {
    const folder = await stand.folder('cancelled', 4);
    const cli = startCli(stand.batch(folder, '--workflow-id', 'cancelled'));
    await cli.event((event) => event.event === 'progress' && statusOf(event).running === 4);
    const cancelled = await runCli(['cancel', 'cancelled', ...json()]);
    expect(cancelled.code, cancelled.stderr).toBe(0);
    expect(cancelled.events.at(-1)).toMatchObject({ event: 'cancelled', receipt: { ended: { cancelled: 4 } } });
    expect((await cli.done).code).toBe(3);
    expect(jobs().live).toBe(0);
  });

  it('a second Ctrl-C leaves and says how to follow', async () => {
    const folder = await stand.folder('left', 2);
    const cli = startCli(stand.batch(folder, '--workflow-id', 'left'));
    await cli.event((event) => event.event === 'progress' && statusOf(event).running === 2);
    stand.sandbox.faults.set([{ on: 'cancel', do: { slowHeadersMs: 3_000 } }]);
    cli.child.kill('SIGINT');
    await cli.said('Ctrl-C again');
    cli.child.kill('SIGINT');
    const { code, stderr } = await cli.done;
    expect(code).toBe(3);
    expect(stderr).toContain(`left; follow it with: docjobs follow left --state ${stand.state}`);
    stand.sandbox.faults.set([]);
    const followed = await runCli(['follow', 'left', ...json()]);
    expect(followed.code).toBe(3);
    expect(followed.events.at(-1)).toMatchObject({ event: 'cancelled', receipt: { ended: { cancelled: 2 } } });
  });
});
