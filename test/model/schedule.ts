import type { VendorName } from '../../src/sandbox/index.js';

/** One document and all that the world does to it. Plain JSON: it is printed, pasted and played again. */
export interface Schedule {
  vendor: VendorName;
  asks: Asks;
  options: ScheduleOptions;
  vendorHas: VendorTraits;
  events: Event[];
}

/** What is done with the document after its parse. */
export type Asks = (typeof ASKS)[number];
export const ASKS = ['parse', 'extract', 'split', 'extract and split', 'split, then extract each'] as const;

/** As in the workflow's input; what is left out has its default. */
export interface ScheduleOptions {
  onUnknownSubmit?: 'fail' | 'resubmit';
  repair?: 'once' | 'never';
  onFailure?: 'keep' | 'cancel';
  onRefusedKey?: 'wait' | 'fail';
  results?: 'auto' | 'inline' | 'stored';
  maxResubmits?: number;
  deadline?: string;
  /** Longest poll window; `0s` = single reads. */
  window?: '0s' | '2m';
}

/** What differs from one vendor's account to another. */
export interface VendorTraits {
  /** An accepted job is listed after so long, ms. */
  listLagMs?: number;
  /** The list does not show the metadata that a submit came with. */
  hidesMetadata?: true;
  /** Every result lies behind a URL: one that serves once, or one that is signed. */
  urlResults?: true;
  /** It calls when a job has ended: where an event says so. All its other calls get lost. */
  calls?: true;
}

export const MODEL_OPERATIONS = ['parse', 'extract', 'split'] as const;
export type ModelOperation = (typeof MODEL_OPERATIONS)[number];

/** Something that happens at the nth call of its kind for an operation. The list's calls are counted for all operations together. */
export interface Event {
  on: CallKind;
  of: ModelOperation;
  /** From 1. */
  nth: number;
  do: Act;
}

/** `fetch` = a result behind a URL that serves once; `put` = a body on its way into the result store. */
export type CallKind = 'submit' | 'get' | 'list' | 'cancel' | 'fetch' | 'put';

/** What becomes of the call itself. */
export const WIRE_ACTS = [
  /** Before the vendor has seen it. */
  'connection cut',
  'reply lost',
  'reply cut off',
  /** The vendor did as it was asked; a gateway answers that it is not available. */
  'done, but 503',
  /** The vendor did as it was asked; what it answers makes no sense. */
  'done, but nonsense',
  '429',
  '500',
  'html 502',
  /** 503, as thirty calls of that kind from this one on. */
  'down for thirty calls',
  '401',
  /** The vendor says that it does not know what is asked for, once. */
  '404',
] as const;

/** What becomes of the attempt of the activity that makes the call. */
export const WORKER_ACTS = [
  'attempt dies before it',
  'attempt dies after it',
  /** The activity ends, and Temporal is never told. */
  'attempt dies unreported',
  'worker restarts before it',
  'worker restarts after it',
] as const;

/** After these nobody can tell whether a submit was accepted. */
export const DOUBTFUL_ACTS = [
  'connection cut',
  'reply lost',
  'reply cut off',
  'done, but 503',
  'done, but nonsense',
  '500',
  'html 502',
  'down for thirty calls',
  ...WORKER_ACTS,
] as const;

/** The user cancels the document. */
export const USER_ACTS = [
  'user cancels before it',
  'user cancels after it',
  /** Once the workflow sleeps after the call. */
  'user cancels in the sleep after it',
] as const;

/** What becomes of the job that is read; without any of these it ends at its first read. */
export const JOB_ACTS = [
  'job runs on',
  'job reports a strange word',
  'job never ends',
  'job fails',
  'job fails for now',
  'job fails for want of its input',
  'job vanishes',
  'job is cancelled elsewhere',
] as const;

export const SUBMIT_ACTS = ['400'] as const;
/** Of the submit of an extract or a split: the vendor has forgotten what it is to work on. */
export const REUSE_ACTS = ['input is forgotten'] as const;
export const CANCEL_ACTS = ['cancel is ignored', 'job completes first', 'cancel fails'] as const;
export const STORE_ACTS = ['store in trouble', 'store in trouble after the write', 'store refuses'] as const;

/** What is sent to the webhook receiver, of a job that was submitted or is read. */
export const CALL_ACTS = [
  /** The job ends at once, and the call comes first. */
  'vendor calls before the reply',
  /** The job ends while the workflow sleeps. */
  'vendor calls in the sleep after it',
  'vendor calls twice in the sleep after it',
  /** The job goes on. */
  'vendor calls too early in the sleep after it',
  /** It is being read, or stored, already. */
  'vendor calls late',
  'vendor calls when all is over',
  'vendor calls for another job',
  'somebody forges a call',
] as const;

export type Act =
  | (typeof WIRE_ACTS)[number]
  | (typeof WORKER_ACTS)[number]
  | (typeof USER_ACTS)[number]
  | (typeof JOB_ACTS)[number]
  | (typeof SUBMIT_ACTS)[number]
  | (typeof REUSE_ACTS)[number]
  | (typeof CANCEL_ACTS)[number]
  | (typeof STORE_ACTS)[number]
  | (typeof CALL_ACTS)[number];

/** Operations that a schedule asks for. */
export function operationsOf({ asks }: Pick<Schedule, 'asks'>): ModelOperation[] {
  const reusing = MODEL_OPERATIONS.filter((operation) => operation !== 'parse' && asks.includes(operation));
  return ['parse', ...reusing];
}
