import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followCommandText } from '../../src/cli/follow-command.js';
import type { Receipt } from '../../src/jobs/types.js';
import { removeState, runCli, startCli } from './run-cli.js';

let dir: string;
let state: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-stop-'));
  state = join(dir, 'state');
});
afterAll(async () => {
  await removeState(state);
  await rm(dir, { recursive: true, force: true });
});

const base = (): string[] => ['--state', state, '--json'];
/** Jobs of more than half a minute: none ends before it is stopped. */
const processArgs = (...args: string[]): string[] => {
  return ['process', 'examples/invoice-packet.pdf', ...args, '--sandbox', '--speed', '0.1', ...base()];
};

describe('a document that is stopped', { timeout: 120_000 }, () => {
  it('the first Ctrl-C cancels at the vendor and waits for the receipt', async () => {
    const cli = startCli(processArgs('--workflow-id', 'interrupted'));
    await cli.event(({ event, status }) => event === 'job' && status === 'submitted');
    cli.child.kill('SIGINT');
    const { code, events } = await cli.done;
    expect(events.at(-1)).toMatchObject({ event: 'cancelled', workflowId: 'interrupted' });
    const receipt = events.at(-1)?.receipt as Receipt;
    expect(receipt.jobs).toMatchObject([{ operation: 'parse', outcome: 'cancelled' }]);
    expect(code).toBe(3);

    const result = await runCli(['result', 'interrupted', ...base()]);
    expect(result.code).toBe(3);
    expect(result.events.at(-1)).toEqual(events.at(-1));
  });

  it('a second Ctrl-C leaves and says how to follow; cancel ends what was left', async () => {
    const cli = startCli(processArgs('--workflow-id', 'left behind'));
    await cli.event(({ event, status }) => event === 'job' && status === 'submitted');
    cli.child.kill('SIGINT');
    await cli.said('Ctrl-C again');
    cli.child.kill('SIGINT');
    const { code, stderr } = await cli.done;
    expect(code).toBe(3);
    expect(stderr).toContain(followCommandText({ state }, 'left behind'));

    const cancelled = await runCli(['cancel', 'left behind', ...base()]);
    expect(cancelled.events.at(-1)).toMatchObject({
      event: 'cancelled',
      receipt: { jobs: [{ outcome: 'cancelled' }] },
    });
    expect(cancelled.code).toBe(0);
  });

  it('a failed document ends with a typed failure and exit code 1', async () => {
    const { code, events } = await runCli(processArgs('--deadline', '1s'));
    expect(events.at(-1)).toMatchObject({
      event: 'failed',
      failure: { type: 'DocumentJobDeadlineExceeded', details: { operation: 'parse', deadlineMs: 1_000 } },
    });
    expect(code).toBe(1);
  });
});
