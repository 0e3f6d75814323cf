import { AsyncLocalStorage } from 'node:async_hooks';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { DocumentActivities } from '../../src/jobs/activities.js';
import { ACTIVITY } from '../../src/jobs/names.js';
import type { CallKind } from './schedule.js';

/** One attempt of an activity in this process, which may die as if its process had. */
export interface Attempt {
  activity: string;
  operation: string;
  jobId?: string;
  isDead: boolean;
  /** Dies once it has ended and nobody was told. */
  diesUnreported: boolean;
  ended: Promise<void>;
  /** It has been told to stop, or has ended. */
  told: Promise<void>;
}

/** Which activity makes which call. */
const CALLERS: Record<CallKind, readonly string[]> = {
  submit: [ACTIVITY.submit],
  list: [ACTIVITY.submit],
  get: [ACTIVITY.poll, ACTIVITY.get, ACTIVITY.cancel],
  cancel: [ACTIVITY.cancel],
  fetch: [ACTIVITY.poll, ACTIVITY.cancel],
  put: [ACTIVITY.poll, ACTIVITY.cancel],
};

/** Watches the attempts of all activities of a worker. */
export class Attempts {
  readonly #running = new Set<Attempt>();
  readonly #current = new AsyncLocalStorage<Attempt>();
  #beats: unknown[] = [];

  /** Attempts that may have made such a call. */
  callersOf(kind: CallKind, operation: string | undefined): Attempt[] {
    return [...this.#running].filter(
      (one) => CALLERS[kind].includes(one.activity) && (operation === undefined || one.operation === operation),
    );
  }

  get running(): Attempt[] {
    return [...this.#running];
  }

  /** Polls of a job. */
  pollsOf(jobId: string): Attempt[] {
    return this.running.filter((one) => one.activity === ACTIVITY.poll && one.jobId === jobId);
  }

  /** What has been heartbeated since the last call. */
  takeBeats(): unknown[] {
    const beats = this.#beats;
    this.#beats = [];
    return beats;
  }

  /** @throws when the attempt that asks is dead: a dead process does nothing any more. */
  readonly checkAlive = (): void => {
    if (this.#current.getStore()?.isDead === true) throw new Error('the process of this attempt has died');
  };

  watch(activities: DocumentActivities): DocumentActivities {
    const watched = Object.entries(activities).map(([name, activity]) => [
      name,
      (input: unknown) => this.#run(name, activity as (input: unknown) => Promise<unknown>, input),
    ]);
    return Object.fromEntries(watched) as DocumentActivities;
  }

  async #run(activity: string, work: (input: unknown) => Promise<unknown>, input: unknown): Promise<unknown> {
    const { request, job } = input as { request?: { operation: string }; job?: { operation: string; jobId: string } };
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const attempt: Attempt = {
      activity,
      operation: request?.operation ?? job?.operation ?? '',
      ...(job !== undefined && { jobId: job.jobId }),
      isDead: false,
      diesUnreported: false,
      ended,
      told: Promise.race([ended, aborted(Context.current().cancellationSignal)]),
    };
    this.#running.add(attempt);
    this.#listen(attempt);
    try {
      return await this.#current.run(attempt, () => work(input));
    } catch (error) {
      // This server does not take what the SDK reports of an attempt that a shutdown stopped; it would wait for the heartbeat's time-out.
      const { cancellationDetails, cancellationSignal } = Context.current();
      if (cancellationDetails?.workerShutdown !== true || error !== cancellationSignal.reason) throw error;
      throw ApplicationFailure.retryable('the worker of this attempt shuts down');
    } finally {
      this.#running.delete(attempt);
      end();
      // Whatever it came to, nobody hears of it.
      if (attempt.isDead || attempt.diesUnreported)
        throw ApplicationFailure.retryable('the worker of this attempt has died');
    }
  }

  /** The dead do not beat. */
  #listen(attempt: Attempt): void {
    const context = Context.current();
    const { heartbeat } = context;
    Object.assign(context, {
      heartbeat: (details: unknown) => {
        if (attempt.isDead) return;
        this.#beats.push(structuredClone(details));
        heartbeat.call(context, details);
      },
    });
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
