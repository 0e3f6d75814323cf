import type { VendorName } from '../../../src/sandbox/index.js';
import type { MomentName } from './moments.js';

/** What a run ends in: its result, or what the guarantees name instead. */
export type Ending = 'complete' | 'consumed' | 'cancelled' | 'completed anyway' | 'terminated' | 'reference expired';

/** What is done to one document while a message of its is held. */
export type Act =
  | 'drop the reply'
  | 'start again'
  | 'cancel'
  | 'cancel, ignored by the vendor'
  | 'finish the job'
  /** The job ends by itself, and the vendor's call of that is taken. */
  | 'let it call'
  | 'terminate'
  | 'reset'
  | 'forget the parse'
  | 'revoke the key';

/** What strikes all documents of a cell at once, while each is held at its moment. */
export type Strike =
  | 'none'
  | 'kill'
  | 'stall'
  | 'deploy'
  | 'kill server'
  /** Temporal is gone until the receiver has refused each document's call. */
  | 'kill server, calls refused'
  | 'kill receiver'
  | 'kill in reap';

export interface Step {
  at: MomentName;
  /** Default: it is held there until the round's strike. */
  act?: Act;
  /** Which of the document's jobs must be under way. Default: the one of the run's operation. */
  during?: 'parse';
}

/** Steps in order, the last one just before the strike. */
export interface Round {
  steps: Step[];
  strike: Strike;
}

export const OPERATIONS = ['parse', 'extract', 'split'] as const;
export const PATTERNS = ['once', 'twice', 'another'] as const;

/** One document under one fault schedule. */
export interface Run {
  /** `reply lost/reducto/extract/twice/1`. */
  id: string;
  /** The crash point's name, or `random`. */
  point: string;
  vendor: VendorName;
  operation: (typeof OPERATIONS)[number];
  pattern: (typeof PATTERNS)[number] | 'random';
  rounds: Round[];
  ending: Ending;
  onUnknownSubmit: 'fail' | 'resubmit';
  /** The vendor serves results once, behind a URL. */
  singleRead: boolean;
  /** The vendor calls when a job has ended, and jobs end by themselves. */
  webhooks: boolean;
}
