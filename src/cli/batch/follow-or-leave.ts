import { EXIT } from '../exit-codes.js';
import { followInBackground } from '../follow-command.js';
import { batchExitOf } from './batch-exit.js';
import { followBatchText, type PlaceFlags } from './batch-label.js';
import { type FollowedBatch, followBatchToEnd } from './follow-batch-to-end.js';

/**
 * Follows a batch that was started or joined to its end, or only says how; sets the exit code.
 * @param own the command brings the worker: what is left goes on in the background.
 */
export async function followOrLeave(
  followed: Omit<FollowedBatch, 'followText'>,
  { flags, own }: { flags: PlaceFlags & { detach?: true }; own: boolean },
): Promise<void> {
  const { workflowId } = followed.batch;
  const followText = followBatchText(workflowId, flags);
  if (flags.detach) followed.view.note(`follow it with: ${followText}`);
  const end = flags.detach ? null : await followBatchToEnd({ ...followed, followText });
  if (end !== null) process.exitCode = batchExitOf(end);
  else {
    process.exitCode = flags.detach ? EXIT.done : EXIT.cancelled;
    if (own) followInBackground(flags, workflowId, flags.results);
  }
}
