import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { dieWithParent } from '../../src/local/die-with-parent.js';
import { keepTail, lastLine } from '../../src/local/run-command.js';

export interface ServerProcess {
  pid: number;
  /** Sends a signal and waits until it has ended. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/**
 * Starts a server that dies with this process.
 * @param isUp asked again and again until it is true; what it throws counts as no
 * @throws Error with the server's last words when it does not come up
 */
export async function startServer(
  binary: string,
  args: readonly string[],
  options: SpawnOptions,
  isUp: () => Promise<boolean>,
): Promise<ServerProcess> {
  const [command, commandArgs] = dieWithParent(binary, args);
  const child = spawn(command, commandArgs, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const tails = [child.stdout, child.stderr].map((stream) => (stream === null ? () => '' : keepTail(stream)));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const end = performance.now() + START_LIMIT_MS;
  while (!(await isUp().catch(() => false))) {
    if (hasEnded(child) || performance.now() > end) {
      child.kill('SIGKILL');
      throw new Error(
        `${binary} did not start: ${lastLine(tails.map((tail) => tail()).join('\n')) ?? 'no reason given'}`,
      );
    }
    await sleep(100);
  }
  return {
    pid: child.pid!,
    async stop(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

const hasEnded = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null;
