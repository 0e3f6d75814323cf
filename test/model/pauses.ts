import type { WorkflowHandle } from '@temporalio/client';
import type { Attempts } from './attempts.js';
import { comesTo, hasStarted, restOf } from './rest.js';

/**
 * Moments at which something can be done to a document so that it comes out the same each time: nothing else is under way. Besides, the
 * server loses a workflow task that cancels an activity which has just ended; at these moments none can end.
 */
export class Pauses {
  /** Calls that wait. */
  #held = 0;
  /** One thing is done at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly handle: WorkflowHandle,
    private readonly attempts: Attempts,
  ) {}

  /** Does something while a call waits, as soon as all else waits too or sleeps; nothing when that does not come about. */
  async whileHeld(work: () => Promise<unknown>): Promise<void> {
    this.#held += 1;
    const turn = this.#last.then(async () => {
      if (await comesTo(this.handle, ({ activities }) => activities === this.#held)) await work();
    });
    this.#last = turn.catch(() => undefined);
    try {
      await turn;
    } finally {
      this.#held -= 1;
    }
  }

  /** Does something once the workflow sleeps. Time must be held: the sleep would be over before anybody noticed. */
  async whileAsleep(work: () => Promise<unknown>): Promise<void> {
    if (await comesTo(this.handle, ({ activities, timers }) => activities === 0 && timers > 0)) await work();
  }

  /** Sends the workflow something, and waits until it has come, perhaps by way of a mailbox. */
  async untilHeard(send: () => Promise<unknown>): Promise<void> {
    const before = (await restOf(this.handle)).signals;
    await send();
    await comesTo(this.handle, ({ signals }) => signals > before);
  }

  /** Until no poll of the job is under way: a workflow that closes then would leave the server's time standing. */
  async untilPollsEnded(jobId: string): Promise<void> {
    const polls = this.attempts.pollsOf(jobId);
    if (polls.length === 0) return;
    this.#held += 1;
    await Promise.all(polls.map(({ ended }) => ended));
    this.#held -= 1;
    await hasStarted(this.handle, () => this.attempts.running.length);
  }
}

/** Cancels a document, and waits until its workflow has answered that. */
export async function cancelNow(handle: WorkflowHandle): Promise<void> {
  await handle.cancel();
  await comesTo(handle, ({ isCancelRequested }) => isCancelRequested);
}
