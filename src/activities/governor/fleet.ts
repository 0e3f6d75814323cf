import type { Context } from '@temporalio/activity';

/** How many workers share an account's quota: a number, or `auto` = as many as Temporal sees polling for the activities. */
export type FleetOption = 'auto' | { size: number };

export interface Fleet {
  /** Workers that are seen on the task queues on which the account's activities have run here, this one included. */
  size(account: string): number;
  /** Asks again when it is time. Never waits, never throws. */
  look(account: string, context: Context): void;
}

/** A worker that has not asked for work for so long is thought to be gone; a long poll takes a minute. */
const GONE_MS = 2 * 60_000;
/** A fleet that changes is looked at soon again, one that does not once a minute. */
const FIRST_LOOK_MS = 5_000;
const LOOK_MS = 60_000;
const PATIENCE_MS = 5_000;
/** Temporal's `TASK_QUEUE_TYPE_ACTIVITY`. */
const ACTIVITY_QUEUE = 2;

interface Queue {
  workers: ReadonlySet<string>;
  lookAt: number;
  everyMs: number;
}

/** Asks Temporal who polls a task queue. Where it does not tell, what was known last goes on, at first this worker alone. */
export function createFleet(option: FleetOption, now: () => number = () => performance.now()): Fleet {
  if (option !== 'auto') return { size: () => option.size, look: () => undefined };
  const queues = new Map<string, Queue>();
  const queuesOf = new Map<string, Set<string>>();
  const sizes = new Map<string, number>();

  function count(): void {
    for (const [account, names] of queuesOf) {
      const workers = new Set([...names].flatMap((name) => [...(queues.get(name)?.workers ?? [])]));
      sizes.set(account, Math.max(1, workers.size));
    }
  }

  return {
    size: (account) => sizes.get(account) ?? 1,
    look(account, context) {
      const { namespace, taskQueue } = context.info;
      const name = `${namespace}/${taskQueue}`;
      const names = queuesOf.get(account) ?? new Set();
      queuesOf.set(account, names.add(name));
      const queue = queues.get(name) ?? { workers: new Set(), lookAt: 0, everyMs: FIRST_LOOK_MS };
      queues.set(name, queue);
      if (now() < queue.lookAt) return;
      queue.lookAt = now() + queue.everyMs;
      void workersOf(context).then((workers) => {
        if (workers === null) return;
        const isSame = workers.size === queue.workers.size && [...workers].every((one) => queue.workers.has(one));
        queue.everyMs = isSame ? Math.min(queue.everyMs * 2, LOOK_MS) : FIRST_LOOK_MS;
        queue.lookAt = now() + queue.everyMs;
        queue.workers = workers;
        count();
      });
    },
  };
}

async function workersOf(context: Context): Promise<Set<string> | null> {
  try {
    const { client, info } = context;
    const { namespace, taskQueue } = info;
    const request = { namespace, taskQueue: { name: taskQueue }, taskQueueType: ACTIVITY_QUEUE };
    const describe = () => client.workflowService.describeTaskQueue(request);
    const { pollers } = await client.withDeadline(Date.now() + PATIENCE_MS, describe);
    return livingWorkers(
      (pollers ?? []).map(({ identity, lastAccessTime }) => ({
        identity: identity ?? '',
        seenAt: Number(lastAccessTime?.seconds ?? 0) * 1_000,
      })),
    );
  } catch {
    // No client (a test's environment), no right to ask, or no answer.
    return null;
  }
}

/** Ages are told by the newest of them: the server's clock need not be ours. */
export function livingWorkers(pollers: readonly { identity: string; seenAt: number }[]): Set<string> {
  const newest = Math.max(...pollers.map(({ seenAt }) => seenAt));
  return new Set(pollers.filter(({ seenAt }) => newest - seenAt <= GONE_MS).map(({ identity }) => identity));
}

/** @throws TypeError naming the option, what was expected and what came. */
export function checkFleet(option: FleetOption): FleetOption {
  if (option === 'auto') return option;
  const size: unknown = (option as { size?: unknown } | null)?.size;
  if (Number.isSafeInteger(size) && (size as number) >= 1) return option;
  throw new TypeError(`createDocumentActivities: fleet: expected "auto" or { size: a whole number from 1 }`);
}
