import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A process of the bench that is told what to do by one JSON argument, and says once that it is ready. */
export interface Process<Ready> {
  child: ChildProcess;
  ready: Ready;
  /** Sends anything and takes the answer. */
  ask<T>(): Promise<T>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** @param file relative to this folder. */
export async function startProcess<Ready>(file: string, order: object): Promise<Process<Ready>> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(order)], {
    execArgv: ['--import', 'tsx'],
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${String(code)} before it was ready`);
  });
  const [ready] = (await Promise.race([once(child, 'message'), failed])) as [Ready];
  failed.catch(() => undefined);
  return {
    child,
    ready,
    async ask<T>() {
      const answer = once(child, 'message');
      child.send('figures');
      return ((await answer) as [T])[0];
    },
    async kill(signal = 'SIGKILL') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

const TICKS_A_SECOND = 100;

/** CPU that a process used so far, ms; from Linux's /proc. */
export function cpuMsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [, , user, system] = /\) \S( \S+){10} (\d+) (\d+)/.exec(text) ?? [];
  return ((Number(user) + Number(system)) * 1_000) / TICKS_A_SECOND;
}

/** Resident memory of a process, MB. */
export function rssMbOf(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return Math.round((pages * 4) / 1_024);
}
