import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PulseOptions, ReductoOptions } from '../../../src/index.js';
import { forkProcess } from './fork-process.js';

const SCRIPT = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

export interface WorkerSettings {
  /** Temporal's. */
  address: string;
  taskQueue: string;
  /** Of the workflow bundle. */
  codePath: string;
  vendors: { reducto: ReductoOptions; pulse: PulseOptions };
  /** URL of the result store. */
  store: string;
}

/** The worker processes of a cell. */
export class Workers implements AsyncDisposable {
  private readonly living = new Set<ChildProcess>();

  constructor(private readonly settings: WorkerSettings) {}

  /** @returns once it has begun to poll. @throws Error with its last words when it does not come up. */
  async start(): Promise<void> {
    const child = await forkProcess(SCRIPT, this.settings);
    this.living.add(child);
    void once(child, 'exit').then(() => this.living.delete(child));
  }

  /** With -9, all of them. */
  async kill(): Promise<void> {
    const ends = [...this.living].map((child) => once(child, 'exit'));
    for (const child of this.living) child.kill('SIGKILL');
    await Promise.all(ends);
  }

  /** Asks those that run to end in their own time; they are not waited for. */
  retire(): void {
    for (const child of this.living) child.kill('SIGTERM');
  }

  /** Stops those that run, as a host that stands still does. @returns what lets them go on. */
  freeze(): () => void {
    const frozen = [...this.living];
    for (const child of frozen) child.kill('SIGSTOP');
    return () => {
      for (const child of frozen) child.kill('SIGCONT');
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
