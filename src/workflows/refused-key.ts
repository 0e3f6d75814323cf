import { sleep } from '@temporalio/workflow';
import { findDocumentFailure } from '../jobs/failures.js';
import { resubmitDelayMs } from '../jobs/wait-plan.js';
import { type Deadline, remaining } from './deadline.js';
import type { JobContext } from './job-context.js';

/** Wished wait before a refused key is tried again; it grows. */
const KEY_REST_MS = 30_000;

/**
 * Does `work` again, after durable waits, for as long as the vendor refuses the key and the document is to wait for that: somebody rotates a
 * key, or pays a bill. A key that nothing was ever accepted with is thought to be a mistake.
 * @param onWait told of the reason before each wait.
 * @throws DocumentAccountRefused when it is not to wait, or the deadline has passed.
 */
export async function whileKeyIsRefused<T>(
  { board, options }: JobContext,
  deadline: Deadline,
  work: () => Promise<T>,
  onWait: (reason: string, delayMs: number) => void = () => undefined,
): Promise<T> {
  for (let turn = 0; ; turn++) {
    try {
      return await work();
    } catch (error) {
      const failure = findDocumentFailure(error);
      const worked = board.lines.some(({ jobId }) => jobId !== null);
      const waits = options.onRefusedKey === 'wait' || (options.onRefusedKey === undefined && worked);
      if (failure?.type !== 'DocumentAccountRefused' || !waits || remaining(deadline) === 0) throw error;
      const delayMs = Math.max(1, Math.min(resubmitDelayMs(turn, KEY_REST_MS), remaining(deadline)));
      onWait(failure.message, delayMs);
      await sleep(delayMs, { summary: `the key of account "${failure.details.account}" is refused` });
    }
  }
}
