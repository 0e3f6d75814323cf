import type { Context } from '@temporalio/activity';
import type { FailureContext } from '../jobs/failures.js';
import type { Provider } from '../providers/provider.js';
import { troubleFailure } from './failures.js';
import type { Heart } from './heart.js';

/** An attempt that is about to post. */
interface Posting {
  context: Context;
  heart: Heart;
  about: FailureContext;
  /** On the scale of `performance.now()`. */
  startedAt: number;
}

/**
 * A process that was frozen may wake after its attempt was given up and another one has begun: it must not post then, and neither must one
 * that was told to stop. Asked last, just before writing.
 */
export function checkMayPost({ context, heart, about, startedAt }: Posting, { submitTimeoutMs }: Provider): void {
  context.cancellationSignal.throwIfAborted();
  const spentMs = performance.now() - startedAt;
  const limitMs = context.info.startToCloseTimeoutMs - submitTimeoutMs;
  if (heart.isAliveFor(submitTimeoutMs) && spentMs < limitMs) return;
  throw troubleFailure(
    `${about.operation}: this attempt stood still for too long to post safely; nothing was sent`,
    about,
  );
}
