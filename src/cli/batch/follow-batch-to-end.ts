import { cancelDocument } from '../../client/cancel-document.js';
import type { BatchEnd } from '../../client/batch/batch-end.js';
import { followBatch } from '../../client/batch/follow-batch.js';
import { readStatus } from '../../client/read-status.js';
import type { BatchStatus } from '../../jobs/batch.js';
import { messageOf } from '../cli-error.js';
import type { Session } from '../connect.js';
import { onInterrupt } from '../interrupt.js';
import type { BatchLabel, BatchView } from './batch-view.js';
import { batchCommandText } from './batch-text.js';
import { count } from '../../batch/report/compare.js';

export interface FollowedBatch {
  session: Session;
  view: BatchView;
  batch: BatchLabel;
  /** The command that follows it, to paste. */
  followText: string;
  /** Cancel at once; Ctrl-C then leaves. Default false. */
  cancel?: boolean;
  /** What there is to know beside the end. */
  epilogue: (end: BatchEnd) => Promise<string[]>;
}

/**
 * Shows a batch until it ends. The first Ctrl-C cancels it and waits, the second leaves it.
 * @returns null when it was left before its end.
 */
export async function followBatchToEnd(followed: FollowedBatch): Promise<BatchEnd | null> {
  const { session, view, batch, followText, cancel = false } = followed;
  const leave = new AbortController();
  let last: BatchStatus | null = null;
  const leaveNow = (): void => {
    leave.abort();
    view.note(`left${cancel ? ', the cancel goes on' : ''}; follow it with: ${followText}`);
  };
  const dispose = onInterrupt({
    first() {
      if (cancel) return leaveNow();
      view.note(
        `Cancelling ${runningText(last)}, waiting until the vendor has said what became of each. Ctrl-C again to leave now.`,
      );
      void requestBatchCancel(session, view, batch);
    },
    second: leaveNow,
  });
  const trouble = createTroubleLook(session, view);
  try {
    if (cancel) await requestBatchCancel(session, view, batch);
    for await (const update of followBatch(session.client, batch.workflowId, { signal: leave.signal })) {
      if (update.kind === 'unanswered') view.update(update);
      else if (update.kind === 'status') {
        last = update.status;
        view.update(update);
        await trouble(update.status);
      } else {
        view.ended(update, await followed.epilogue(update));
        return update;
      }
    }
    return null;
  } finally {
    dispose();
  }
}

const runningText = (status: BatchStatus | null): string =>
  status === null ? 'the batch' : `${count(status.running)} running document${status.running === 1 ? '' : 's'}`;

/** Asks for cancellation without letting a failure to ask break the wait. */
async function requestBatchCancel(session: Session, view: BatchView, { workflowId }: BatchLabel): Promise<void> {
  try {
    await cancelDocument(session.client, workflowId);
  } catch (error) {
    const again = batchCommandText(['cancel', workflowId], []);
    view.note(`${workflowId}: could not be cancelled (${messageOf(error)}); try ${again}`);
  }
}

const TROUBLE_GAP_MS = 10_000;

/**
 * A batch does not know what the vendor says to its documents; the one that runs longest does. It is asked now and then: when the vendor is away or
 * refuses the key, all of them wait for the same.
 */
function createTroubleLook(session: Session, view: BatchView): (status: BatchStatus) => Promise<void> {
  let askedAt = Date.now();
  return async ({ slowest: [oldest] }) => {
    if (oldest === undefined || Date.now() - askedAt < TROUBLE_GAP_MS) return;
    askedAt = Date.now();
    const status = await readStatus(session.client, oldest.workflowId).catch(() => null);
    if (status === null) return;
    view.trouble(status.jobs.find(({ trouble }) => trouble !== null)?.trouble ?? null);
  };
}
