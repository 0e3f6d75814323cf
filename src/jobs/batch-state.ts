import type { PlanBatchOutput } from './batch-activities.js';
import type { BatchBudget, BatchRow, BatchRowState, ProcessBatchInput } from './batch.js';
import type { Pace } from './batch-pace.js';

/**
 * All that a batch knows from one run of its workflow to the next: plain JSON, and no larger for a million documents than for a hundred. It
 * travels as the workflow's second argument, so that it is wire format: fields are added, never changed.
 */
export interface BatchState {
  /** Null until the batch is planned. */
  plan: PlanBatchOutput | null;
  /** The next document to start: a page of the plan, and the place on it. */
  page: number;
  position: number;
  inFlight: InFlight[];
  tally: BatchTally;
  /** Of documents that have ended, not yet in the record. */
  rows: BatchRow[];
  /** The first so many of the rows were sent as the next segment, and may be written: it is sent again as it was. Null: none. */
  sent: { rows: number; last: boolean } | null;
  segments: number;
  window: number;
  startsPerSecond: number;
  budget: BatchBudget | null;
  paused: boolean;
  startedAt: string;
  pace: Pace;
  /** How many had ended at a few moments of the last minutes, the oldest first: for the rate. */
  marks: [atMs: number, ended: number][];
  /** The workflow was reset or retried: documents that exist already are those of its earlier life. */
  secondLife?: true;
}

/** A document under way. */
export interface InFlight {
  index: number;
  id: string;
  /** Without query and user; absent when it is the id. */
  source?: string;
  workflowId: string;
  tenant?: string;
  /** ms since the epoch. */
  since: number;
  reused?: true;
}

/** What became of the documents so far, in figures. */
export interface BatchTally {
  started: number;
  ended: Record<BatchRowState, number>;
  reused: number;
  pages: number | null;
  credits: number | null;
  /** Documents by failure type. */
  errors: Record<string, number>;
}

export const DEFAULT_WINDOW = 200;
export const DEFAULT_STARTS_PER_SECOND = 20;

export function newBatchState(input: ProcessBatchInput, nowMs: number): BatchState {
  const { window = DEFAULT_WINDOW, startsPerSecond = DEFAULT_STARTS_PER_SECOND, budget = null, paused = false } = input;
  return {
    plan: null,
    page: 0,
    position: 0,
    inFlight: [],
    tally: {
      started: 0,
      ended: { done: 0, done_with_gaps: 0, refused: 0, failed: 0, cancelled: 0, not_started: 0 },
      reused: 0,
      pages: null,
      credits: null,
      errors: {},
    },
    rows: [],
    sent: null,
    segments: 0,
    window,
    startsPerSecond,
    budget,
    paused,
    startedAt: new Date(nowMs).toISOString(),
    pace: { tokens: startsPerSecond, at: nowMs },
    marks: [],
  };
}
