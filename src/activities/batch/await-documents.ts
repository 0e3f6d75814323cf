import { Context } from '@temporalio/activity';
import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import type { AwaitBatchOutput, BatchActivities } from '../../jobs/batch-activities.js';
import type { ActivityDeps } from '../activity-deps.js';
import { type Heart, startHeart } from '../heart.js';
import { documentEndOf, unknownEnd } from './document-end.js';

/** Between two questions of this worker to Temporal, ms: not more than 50 a second, however many activities ask. */
const PACE_MS = 20;
/** Before the whole list is gone through again, ms: longer and longer while nothing ends. */
const FIRST_REST_MS = 1_000;
const LAST_REST_MS = 30_000;
const REST_GROWTH = 1.5;
/** How long what has ended waits for others, ms. */
const GATHER_MS = 2_000;
const MAX_ENDED = 200;
const MAX_BYTES = 200_000;

/**
 * `awaitBatchDocuments`: waits for the ends of workflows that are nobody's children here, by asking Temporal for each. Returns soon after some have ended,
 * with all that were seen to; with none when its patience is over.
 */
export function createAwaitDocuments({ clock }: ActivityDeps): BatchActivities['awaitBatchDocuments'] {
  let nextAt = -Infinity;
  /** Takes the next turn. @returns how long it is till then, ms. */
  async function turn(): Promise<number> {
    const now = await clock.elapsed();
    const at = Math.max(now, nextAt);
    nextAt = at + PACE_MS;
    return at - now;
  }
  return async ({ workflowIds, patienceMs }) => {
    const context = Context.current();
    const heart = startHeart(context, clock, () => ({ waiting: workflowIds.length }));
    heart.beat();
    try {
      const look = { context, heart, turn, elapsed: () => clock.elapsed() };
      const until = (await clock.elapsed()) + patienceMs;
      // Nobody is always the last to be asked for.
      const turned = turnedBy(workflowIds, Math.floor(Math.random() * workflowIds.length));
      for (let rest = FIRST_REST_MS; ; rest = Math.min(rest * REST_GROWTH, LAST_REST_MS)) {
        const ended = await lookOnce(look, turned);
        const left = until - (await clock.elapsed());
        if (ended.length > 0 || left <= 0 || workflowIds.length === 0) return { ended };
        await heart.rest(Math.min(rest, left));
      }
    } finally {
      heart.stop();
    }
  };
}

type Ended = AwaitBatchOutput['ended'];
interface Look {
  context: Context;
  heart: Heart;
  turn: () => Promise<number>;
  /** ms. */
  elapsed: () => Promise<number>;
}

/** Asks for each once, until there is enough to tell. */
async function lookOnce({ context, heart, turn, elapsed }: Look, workflowIds: readonly string[]): Promise<Ended> {
  const ended: Ended = [];
  let bytes = 0;
  let since: number | undefined;
  for (const workflowId of workflowIds) {
    await heart.rest(await turn());
    try {
      const end = await withOwnSignal(context, (client) => endOf(client, workflowId));
      if (end !== null) {
        ended.push({ workflowId, end });
        bytes += Buffer.byteLength(JSON.stringify(end));
        since ??= await elapsed();
      }
    } catch (error) {
      // What is known goes on its way; whoever asks again meets the trouble again.
      if (ended.length > 0) return ended;
      throw error;
    }
    const isEnough = ended.length >= MAX_ENDED || bytes >= MAX_BYTES;
    if (isEnough || (since !== undefined && (await elapsed()) - since >= GATHER_MS)) return ended;
  }
  return ended;
}

/**
 * Each call of the SDK's client adds a listener to the signal that it runs under, and never takes it away: under the activity's own they would pile up by
 * the ten thousand, and with them the calls.
 */
async function withOwnSignal<R>(
  { client, cancellationSignal }: Context,
  work: (client: Client) => Promise<R>,
): Promise<R> {
  const own = new AbortController();
  const abort = (): void => own.abort();
  cancellationSignal.addEventListener('abort', abort, { once: true });
  try {
    return await client.withAbortSignal(own.signal, () => work(client));
  } finally {
    cancellationSignal.removeEventListener('abort', abort);
  }
}

/** @returns null while it runs. */
async function endOf(client: Client, workflowId: string): Promise<Ended[number]['end'] | null> {
  const description = await describe(client, workflowId);
  if (description === null) return unknownEnd(new Date().toISOString());
  return description.closeTime === undefined ? null : documentEndOf(client, description);
}

/** @returns null for a workflow that Temporal does not know. */
async function describe(client: Client, workflowId: string): Promise<WorkflowExecutionDescription | null> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

const turnedBy = <T>(list: readonly T[], by: number): T[] => [...list.slice(by), ...list.slice(0, by)];
