import type { Context } from '@temporalio/activity';
import type { PollInput } from '../../jobs/activities.js';
import type { Provider } from '../../providers/provider.js';
import type { ActivityDeps } from '../activity-deps.js';
import type { Heart } from '../heart.js';
import { ownTurns, type Turns } from './turns.js';
import type { OpenWindow } from './wait.js';

/** A job of high priority that was not seen for so long may have a result that is about to expire. */
const LONG_UNSEEN_MS = 10 * 60_000;
const URGENT = 1;

/** How a window gets its turns: a single look has none to wait for, and the windows of one account share theirs. */
export async function turnsOf(
  deps: ActivityDeps,
  context: Context,
  provider: Provider,
  input: PollInput,
  spentMs: number,
  heart: Heart,
  sighted: OpenWindow['sighted'],
): Promise<Turns> {
  if (input.windowMs === 0) return ownTurns(heart);
  const { job } = input;
  const elapsedMs = input.elapsedMs + spentMs;
  const turns = await deps.sharedReads.join({
    context,
    job,
    elapsedMs,
    sighted,
    provider,
    atOnce: looksAtOnce(context, input),
    rates: () => {
      const governor = deps.governors.of(job, provider);
      return { read: governor.rate('read'), list: governor.rate('list') };
    },
  });
  return turns ?? ownTurns(heart);
}

/** Somebody knows better than any plan that it is time; or an earlier attempt may have seen more than the list shows. */
function looksAtOnce(context: Context, input: PollInput): boolean {
  return input.neverSeen || input.webhook === 'called' || context.info.attempt > 1 || isUrgent(context, input);
}

/** Whether the job's result may expire before it is read. Its workflow knows; a user's own priority alone says nothing of that. */
export function isUrgent({ info }: Context, { elapsedMs, seenMs = 0 }: PollInput): boolean {
  return info.priority?.priorityKey === URGENT && elapsedMs - seenMs >= LONG_UNSEEN_MS;
}
