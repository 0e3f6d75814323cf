import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { steadyPort } from '../../../bench/storms/steady-port.js';
import { forkProcess } from './fork-process.js';

const SCRIPT = fileURLToPath(new URL('./receiver-process.ts', import.meta.url));

export interface ReceiverSettings {
  /** Temporal's. */
  address: string;
  port: number;
  /** Where mailboxes run. */
  taskQueue: string;
  /** Signs the vendors' calls. */
  secrets: string;
}

/** The process that takes the vendors' calls of a cell. */
export class Receiver implements AsyncDisposable {
  private child: ChildProcess | undefined;

  private constructor(private readonly settings: ReceiverSettings) {}

  static async create(settings: Omit<ReceiverSettings, 'port'>): Promise<Receiver> {
    return new Receiver({ ...settings, port: await steadyPort() });
  }

  get url(): string {
    return `http://127.0.0.1:${this.settings.port}`;
  }

  /** @returns once it listens, where it listened before. */
  async start(): Promise<void> {
    this.child = await forkProcess(SCRIPT, this.settings);
  }

  /** With -9. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
