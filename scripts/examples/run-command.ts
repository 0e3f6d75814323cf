import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Where and with what a command runs. */
export interface Surroundings {
  cwd: string;
  env?: Record<string, string>;
}

/** How a command ended; output and errors in the order in which they came. */
export interface CommandEnd {
  code: number | null;
  output: string;
}

const STOP_MS = 10_000;

// What was started has groups of its own, and ends with this process: so this one has to end by `exit`.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** Runs a command to its end. @param limitMs it is killed then, and its code is null. */
export async function runCommand(argv: readonly string[], at: Surroundings, limitMs: number): Promise<CommandEnd> {
  const child = start(argv, at);
  const output = outputOf(child);
  const timer = setTimeout(() => kill(child, 'SIGKILL'), limitMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, output: output() };
}

/** As {@link runCommand}. @throws Error with the output when it does not end with 0. */
export async function mustRun(argv: readonly string[], at: Surroundings, limitMs: number): Promise<string> {
  const { code, output } = await runCommand(argv, at, limitMs);
  if (code === 0) return output;
  throw new Error(
    `${argv.join(' ')}: ${code === null ? `not done in ${limitMs / 1_000} s` : `ended with ${code}`}\n${output}`,
  );
}

export interface Service {
  /** What it has said. */
  output: () => string;
  stop: () => Promise<void>;
}

/**
 * Starts what runs until it is stopped, and waits for `isUp`.
 * @throws Error with the output when it ends before, or is not up within the limit.
 */
export async function startService(
  argv: readonly string[],
  at: Surroundings,
  isUp: (output: string) => boolean | Promise<boolean>,
  limitMs: number,
): Promise<Service> {
  const child = start(argv, at);
  const output = outputOf(child);
  const closed = once(child, 'close');
  const stop = async (): Promise<void> => {
    if (hasEnded(child)) return;
    kill(child, 'SIGTERM');
    const timer = setTimeout(() => kill(child, 'SIGKILL'), STOP_MS);
    await closed;
    clearTimeout(timer);
  };
  for (
    const until = Date.now() + limitMs;
    !(await isUp(output()));
    await new Promise((next) => setTimeout(next, 100))
  ) {
    if (!hasEnded(child) && Date.now() < until) continue;
    await stop();
    throw new Error(`${argv.join(' ')}: did not come up\n${output()}`);
  }
  return { output, stop };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** With a group of its own: npx and npm start others, which a signal to themselves does not reach. */
function start([command = '', ...args]: readonly string[], { cwd, env = {} }: Surroundings): ChildProcess {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const die = (): void => kill(child, 'SIGKILL');
  process.once('exit', die);
  child.once('close', () => process.off('exit', die));
  return child;
}

function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

function outputOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}
