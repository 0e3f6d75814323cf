import { expect, it } from 'vitest';
import { createBatchStand, ofKind, resultOf, statusOf } from './batch-stand.js';
import { runCli, startCli } from './run-cli.js';

// Alone in its file: what was under way is noticed to be lost when its heartbeats have stayed away, half a minute and more of waiting.
it('a batch goes on with the same command after kill -9, and pays nothing twice', { timeout: 180_000 }, async () => {
  await using stand = await createBatchStand();
  const folder = await stand.folder('killed', 12);
  const args = stand.batch(folder, '--rate', '4');
  const cli = startCli(args);
  await cli.event((event) => event.event === 'progress' && statusOf(event).started >= 4);
  cli.child.kill('SIGKILL');
  await cli.done;
  const again = await runCli(args);
  expect(again.code, again.stderr).toBe(0);
  expect(ofKind(again.events, 'started')).toMatchObject([{ existing: 'running' }]);
  expect(resultOf(again)).toMatchObject({ documents: 12, ended: { done: 12 } });
  expect(stand.accepted()).toBe(12);
});
