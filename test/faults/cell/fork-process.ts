import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Starts a script in a process of its own, with its settings as its argument.
 * @returns once it says that it is ready. @throws Error with its last words when it does not come up.
 */
export async function forkProcess(script: string, settings: object): Promise<ChildProcess> {
  const child = fork(script, [JSON.stringify(settings)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
  const ended = once(child, 'exit').then(() => false);
  const isReady = await Promise.race([once(child, 'message').then(() => true), ended]);
  if (!isReady) throw new Error(`a process of this cell did not start: ${said}`);
  return child;
}
