import { fork, spawn, type ChildProcess } from 'node:child_process';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface CliEvent {
  event: string;
  workflowId: string;
  [field: string]: unknown;
}

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
  ms: number;
  /** Lines of stdout that are JSON objects. */
  events: CliEvent[];
}

export interface RunningCli {
  child: ChildProcess;
  done: Promise<CliResult>;
  /** Resolves with the first event that fits; rejects when the command ends without one. */
  event(fits: (event: CliEvent) => boolean): Promise<CliEvent>;
  /** Resolves when stderr has the text; rejects when the command ends without it. */
  said(text: string): Promise<void>;
}

/** Away from the user's own state and from any Temporal or vendor of the environment. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_(?!CLI_PATH)|REDUCTO_|PULSE_)/.test(name));
  return { ...Object.fromEntries(kept), TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml', NO_COLOR: '1' };
}

/** Starts the built command line, away from the user's own state and from any Temporal or vendor of the environment. */
export function startCli(args: readonly string[], env: Record<string, string> = {}): RunningCli {
  const child = spawn(process.execPath, ['dist/cli/main.js', ...args], {
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const startedAt = Date.now();
  let [stdout, stderr] = ['', ''];
  const listeners = new Set<() => void>();
  const told = (): void => listeners.forEach((listener) => listener());
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    told();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    told();
  });
  const done = new Promise<CliResult>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, stdout, stderr, ms: Date.now() - startedAt, events: eventsOf(stdout) });
    });
  });
  const until = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found !== undefined) resolve(found);
      };
      listeners.add(look);
      look();
      void done.then((result) => reject(new Error(`ended too early: ${result.stdout}${result.stderr}`)));
    });
  return {
    child,
    done,
    event: (fits) => until(() => eventsOf(stdout).find(fits)),
    said: (text) => until(() => (stderr.includes(text) ? true : undefined)).then(() => undefined),
  };
}

export const runCli = (args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> =>
  startCli(args, env).done;

export interface Command {
  args: readonly string[];
  env?: Record<string, string>;
}

/** Runs commands that end at once, one after the other in one process: starting one costs more than most of them do. */
export async function runCommands(commands: readonly Command[]): Promise<CliResult[]> {
  const child = fork('test/cli/run-commands.mjs', [JSON.stringify(commands)], { env: environment(), execArgv: [] });
  return new Promise((resolve, reject) => {
    child.once('message', (results: Omit<CliResult, 'events'>[]) =>
      resolve(results.map((result) => ({ ...result, events: eventsOf(result.stdout) }))),
    );
    child.once('exit', (code) => reject(new Error(`the process of the commands ended with ${code}`)));
  });
}

function eventsOf(stdout: string): CliEvent[] {
  const lines = stdout.split('\n').slice(0, -1);
  return lines.filter((line) => line.startsWith('{"')).map((line) => JSON.parse(line) as CliEvent);
}

/** Ends what commands left running for a state folder, and removes it. */
export async function removeState(stateDir: string): Promise<void> {
  for (const name of (await readdir(stateDir)).filter((file) => file.endsWith('.json'))) {
    const text = await readFile(join(stateDir, name), 'utf8').catch(() => '{}');
    const { supervisorPid, pid } = JSON.parse(text) as { supervisorPid?: number; pid?: number };
    const target = supervisorPid ?? pid;
    if (target === undefined) continue;
    try {
      process.kill(target, 'SIGTERM');
      while (process.kill(target, 0)) await new Promise((resolve) => setTimeout(resolve, 20));
    } catch {
      continue;
    }
  }
  await rm(stateDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
