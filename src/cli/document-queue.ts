import { createHash } from 'node:crypto';
import { DEFAULT_TASK_QUEUE } from '../jobs/names.js';

/** Documents of the sandbox have a queue of their own: a worker that has no sandbox must not get their work. */
export const SANDBOX_QUEUE = `${DEFAULT_TASK_QUEUE}-sandbox`;

/**
 * The task queue for a document. Commands on the embedded server bring their own workers, and two that talk to different
 * addresses of a vendor must not take each other's work: the address is in the queue's name.
 */
export function documentQueue(where: { sandbox: boolean; embedded: boolean; baseUrl?: string }): string {
  if (where.sandbox) return SANDBOX_QUEUE;
  if (!where.embedded || where.baseUrl === undefined) return DEFAULT_TASK_QUEUE;
  return `${DEFAULT_TASK_QUEUE}-${createHash('sha256').update(where.baseUrl).digest('hex').slice(0, 8)}`;
}

/** True when a command has to bring the worker for this queue itself. */
export function bringsWorker({ embedded }: { embedded: boolean }, taskQueue: string): boolean {
  return embedded || taskQueue === SANDBOX_QUEUE;
}
