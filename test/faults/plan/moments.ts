import { ACTIVITY, WEBHOOK_SIGNAL } from '../../../src/jobs/names.js';
import type { Message } from '../../support/gate.js';

/** A place in a job's life, seen from outside by what passes between the worker and its servers. */
export interface Moment {
  /** What has happened, and what has not. */
  says: string;
  /** Whether this message of the document is at the place. */
  matches(message: Message): boolean;
  /** It comes after the job's end. */
  ended?: true;
  /** Half of the body has passed. */
  half?: true;
}

const given = (activity: string) => (message: Message) =>
  message.phase === 'reply' &&
  // An activity may come with the reply to the task that scheduled it.
  (message.kind === 'PollActivityTaskQueue' || message.kind === 'RespondWorkflowTaskCompleted') &&
  message.text.includes(activity);

const unrecorded = (activity: string) => (message: Message) =>
  message.phase === 'request' && message.kind === 'RespondActivityTaskCompleted' && message.text.includes(activity);

const at =
  (phase: Message['phase'], ...kinds: string[]) =>
  (message: Message) =>
    message.phase === phase && kinds.includes(message.kind);

/** Of a vendor's call that is handed on to Temporal. */
const signal = (phase: Message['phase']) => (message: Message) =>
  at(phase, 'SignalWorkflowExecution', 'SignalWithStartWorkflowExecution')(message) &&
  message.text.includes(WEBHOOK_SIGNAL);

/** Pulse also tells of a job's beginning. */
const isEnd = ({ text }: Message): boolean => /"(status|type)":"(job\.)?completed"/i.test(text);

const isBody = ({ text }: Message): boolean => !text.includes('.claim.json');

const moments = {
  submitGiven: { says: 'submit given out, nothing sent', matches: given(ACTIVITY.submit) },
  submitSent: { says: 'POST sent, not arrived', matches: at('request', 'submit') },
  submitAnswered: { says: 'POST carried out, reply lost', matches: at('reply', 'submit') },
  looked: { says: 'job list or POST answered, reply lost', matches: at('reply', 'submit', 'list') },
  idNotBeaten: {
    says: 'job id known to the worker, not heartbeated',
    matches: (message) =>
      message.phase === 'request' &&
      message.kind === 'RecordActivityTaskHeartbeat' &&
      message.text.includes(ACTIVITY.submit) &&
      message.text.includes('"jobId"'),
  },
  submitUnrecorded: { says: 'job id heartbeated, submit not completed', matches: unrecorded(ACTIVITY.submit) },
  pollGiven: { says: 'poll given out, nothing read', matches: given(ACTIVITY.poll) },
  read: { says: 'job running, read under way', matches: at('request', 'get') },
  notCopied: {
    says: 'job done, nothing copied',
    matches: (message) => at('request', 'put')(message) && isBody(message),
    ended: true,
  },
  halfCopied: {
    says: 'job done, copy half written',
    matches: (message) => at('request', 'put')(message) && isBody(message),
    ended: true,
    half: true,
  },
  halfFetched: { says: 'single read half received', matches: at('reply', 'fetch'), ended: true, half: true },
  fetched: { says: 'single read given, nothing copied', matches: at('reply', 'fetch'), ended: true },
  pollUnrecorded: { says: 'result copied, poll not completed', matches: unrecorded(ACTIVITY.poll), ended: true },
  callSent: {
    says: 'job done, the vendor’s call not arrived',
    matches: (message) => at('request', 'call')(message) && isEnd(message),
    ended: true,
  },
  callTaken: { says: 'the vendor’s call arrived, Temporal not told', matches: signal('request'), ended: true },
  callHandedOn: { says: 'Temporal told, the vendor’s call not answered', matches: signal('reply'), ended: true },
  cancelGiven: { says: 'cancel given out, nothing sent', matches: given(ACTIVITY.cancel) },
  cancelSent: { says: 'cancel sent, not arrived', matches: at('request', 'cancel') },
  cancelAnswered: { says: 'cancel carried out, reply lost', matches: at('reply', 'cancel') },
  cancelUnrecorded: { says: 'job cancelled, cancel not completed', matches: unrecorded(ACTIVITY.cancel) },
  startAnswered: { says: 'workflow started, reply lost', matches: at('reply', 'StartWorkflowExecution') },
} satisfies Record<string, Moment>;

export type MomentName = keyof typeof moments;
export const MOMENTS: Record<MomentName, Moment> = moments;
