import { activitiesOf, timeOf } from '../../histories/activities-of.js';
import type { HistoryEvent, Temporal } from '../../histories/temporal-side.js';
import type { OperationRequest, PollInput, PollOutput, SubmitInput, SubmitOutput } from '../../jobs/activities.js';
import { ACTIVITY, WEBHOOK_SIGNAL } from '../../jobs/names.js';
import type { WebhookSignal } from '../../jobs/webhook.js';

/** A job that a history shows to have been submitted and to have ended in the vendor's own time. */
export interface EndedJob {
  provider: string;
  account: string;
  jobId: string;
  request: OperationRequest;
  /** False when the workflow asked for no webhook. */
  asked: boolean;
}

export interface Call {
  provider: string;
  account: string;
  jobId: string;
  /** When Temporal took it, ms since the epoch. */
  at: number;
}

/** What a document's history tells of webhooks. */
export interface DocumentCalls {
  jobs: EndedJob[];
  calls: Call[];
}

/** Of a cancelled job not every vendor tells. */
const TOLD: readonly unknown[] = ['completed', 'failed'];

/**
 * Reads a history: what was submitted and ended, and the calls that the receiver has handed on, whose senders it knew.
 * @param events oldest first; the beginning may be missing.
 * @throws for payloads that only the worker can read.
 */
export async function readDocument(
  { decode }: Pick<Temporal, 'decode'>,
  events: readonly HistoryEvent[],
): Promise<DocumentCalls> {
  const calls: Call[] = [];
  for (const event of events) {
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal?.signalName !== WEBHOOK_SIGNAL) continue;
    const call = (await decode(signal.input)) as WebhookSignal | undefined;
    if (call !== undefined) calls.push({ ...namesOf(call), jobId: call.jobId, at: timeOf(event) });
  }
  const submitted = new Map<string, EndedJob>();
  const ended = new Set<string>();
  for (const { type, input, end } of activitiesOf(events)) {
    if (end?.result == null) continue;
    if (type === ACTIVITY.submit) {
      const output = (await decode(end.result)) as SubmitOutput;
      // A job that was found may have called an earlier life of the workflow.
      if (output.outcome !== 'accepted' || output.adopted) continue;
      const { request, webhooks, ...names } = (await decode(input)) as SubmitInput;
      const { jobId } = output;
      submitted.set(jobId, { ...namesOf(names), jobId, request, asked: webhooks !== false });
    }
    if (type !== ACTIVITY.poll) continue;
    const { state } = (await decode(end.result)) as PollOutput;
    if (TOLD.includes(state)) ended.add(((await decode(input)) as PollInput).job.jobId);
  }
  return { jobs: [...submitted.values()].filter(({ jobId }) => ended.has(jobId)), calls };
}

const namesOf = ({ provider, account }: { provider: string; account: string }) => ({ provider, account });
