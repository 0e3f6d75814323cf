import type { JobSnapshot } from '../../jobs/types.js';
import type { ListedJob } from '../../providers/provider.js';
import type { Heart } from '../heart.js';

/** What a window knows when it asks for its next turn, ms from now. */
export interface Pause {
  /** Until it would read by its own pace. */
  gapMs: number;
  /** The job is not to be read before this. */
  peaceMs: number;
  /** Until the window's end. */
  leftMs: number;
}

/** When a poll window may read its job. */
export interface Turns {
  /** Waits. @returns false when the window has ended without another read. @throws the cancellation. */
  next(pause: Pause): Promise<boolean>;
  /** When a list showed that the job has ended, ms on the clock's scale that never jumps; null when none did. */
  readonly endedAt: number | null;
  /** The window has closed. */
  leave(): void;
}

/** A window that reads by itself: first at once, then at its own pace, the last time at its end unless that is too soon. */
export function ownTurns(heart: Heart): Turns {
  let isFirst = true;
  return {
    async next({ gapMs, peaceMs, leftMs }) {
      if (isFirst) return !(isFirst = false);
      if (leftMs > 0) await heart.rest(Math.min(gapMs, leftMs));
      return leftMs > 0 && peaceMs <= leftMs;
    },
    endedAt: null,
    leave: () => undefined,
  };
}

/** What a list says of a running job, as if it had been read. */
export function listedSnapshot({ status, vendorStatus, createdAt }: ListedJob, progress: number | null): JobSnapshot {
  return { status, vendorStatus, progress, ...(createdAt === null ? {} : { createdAt }) };
}
