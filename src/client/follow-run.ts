import { setTimeout as delay } from 'node:timers/promises';
import { type Client, isGrpcServiceError, ServiceError } from '@temporalio/client';

/** The workflow runs but no worker answers for it. Yielded once each time that becomes so. */
export interface Unanswered {
  kind: 'unanswered';
  taskQueue: string;
}

export interface FollowedRun<Status, End> {
  client: Client;
  workflowId: string;
  /** @returns null when nobody answers. */
  read: () => Promise<Status | null>;
  /** Waits for the end, and throws what the client throws. */
  end: () => Promise<End>;
  /** Gap before the next look, ms, after having followed for so long. */
  gapMs: (elapsedMs: number) => number;
  signal?: AbortSignal | undefined;
}

/**
 * Follows a workflow to its end: yields each change of what it says, and last its end. An outage of Temporal is waited out: the workflow goes on
 * without us. Ends without an end when the signal says so.
 */
export async function* followRun<Status, End>(
  run: FollowedRun<Status, End>,
): AsyncGenerator<{ kind: 'status'; status: Status } | Unanswered | End, void, void> {
  const { signal } = run;
  // A promise that loses every race and then rejects would be unhandled.
  const end = settle(endThroughOutages(run));
  const startedAt = Date.now();
  let last = '';
  while (signal?.aborted !== true) {
    const seen = await Promise.race([end, lookAt(run)]);
    if ('ended' in seen) return yield seen.ended;
    if ('error' in seen) throw seen.error;
    const word = JSON.stringify(seen);
    if (seen.kind !== 'nothing' && word !== last) {
      last = word;
      yield seen;
    }
    const pause = new AbortController();
    const waited = delay(run.gapMs(Date.now() - startedAt), undefined, { signal: anySignal(pause.signal, signal) });
    await Promise.race([end, waited.catch(() => undefined)]);
    pause.abort();
  }
}

async function lookAt<Status, End>({
  client,
  workflowId,
  read,
}: FollowedRun<Status, End>): Promise<{ kind: 'status'; status: Status } | Unanswered | { kind: 'nothing' }> {
  try {
    const status = await read();
    if (status !== null) return { kind: 'status', status };
    const description = await client.workflow.getHandle(workflowId).describe();
    if (description.status.name !== 'RUNNING') return { kind: 'nothing' };
    return { kind: 'unanswered', taskQueue: description.taskQueue };
  } catch {
    // Unreachable, or an unknown id: which of them, the wait for the end tells.
    return { kind: 'nothing' };
  }
}

async function endThroughOutages<Status, End>({ end, signal }: FollowedRun<Status, End>): Promise<End> {
  for (;;) {
    try {
      return await end();
    } catch (error) {
      if (signal?.aborted === true || !isOutage(error)) throw error;
      await delay(1_000);
    }
  }
}

const OUTAGE_CODES = [1, 4, 8, 13, 14]; // cancelled, deadline exceeded, resource exhausted, internal, unavailable

function isOutage(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && OUTAGE_CODES.includes(cause.code);
}

function settle<End>(end: Promise<End>): Promise<{ ended: End } | { error: unknown }> {
  return end.then(
    (ended) => ({ ended }),
    (error: unknown) => ({ error }),
  );
}

function anySignal(own: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? own : AbortSignal.any([own, other]);
}
