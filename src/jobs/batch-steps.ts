import type { BatchBudget, BatchStatus } from './batch.js';
import type { BatchTally } from './batch-state.js';

// What a batch does next: decisions from plain facts.

/** Rows of one segment of the record. */
export const MAX_SEGMENT_ROWS = 100;
/** Segments are so far apart, unless they are full. */
const SEGMENT_GAP_MS = 15_000;
/** A row is on its way to the record so soon. Longer than the gap: what wakes the batch anyway then comes first, and spares it the timer. */
export const ROW_PATIENCE_MS = 20_000;
/** Documents are not started while so many rows find no way into the record. */
export const MAX_UNWRITTEN_ROWS = 300;
/** Events of one run, where the input names no other number: what Temporal itself warns of. */
export const EVENTS_A_RUN = 10_000;
const BYTES_A_RUN = 8 * 1024 * 1024;
/** Temporal suggests a new run early; the documents that a run started itself are cheaper to wait for. */
const FEW_OWN = 50;
/** Of the state that the next run is given; an argument may have 2 MB. */
export const MAX_STATE_BYTES = 1_500_000;

export type BudgetVerdict = 'within' | 'ask' | 'stop';

/** What the budget says once its figure is reached. */
export function budgetVerdict(budget: BatchBudget | null, { credits, pages }: BatchTally): BudgetVerdict {
  if (budget === null) return 'within';
  const isReached = reaches(credits, budget.credits) || reaches(pages, budget.pages);
  return isReached ? (budget.then ?? 'ask') : 'within';
}

const reaches = (spent: number | null, limit: number | undefined): boolean =>
  limit !== undefined && (spent ?? 0) >= limit;

export interface StageFacts {
  ended: boolean;
  planned: boolean;
  /** Told to stop, or broken. */
  stopping: boolean;
  budget: BudgetVerdict;
  paused: boolean;
  /** Documents are left to start. */
  more: boolean;
}

/** The stage as the status names it. A budget that says `stop` is a stage only while documents are still under way. */
export function stageOf({ ended, planned, stopping, budget, paused, more }: StageFacts): BatchStatus['stage'] {
  if (ended) return 'ended';
  if (stopping) return 'cancelling';
  if (!planned) return 'planning';
  if (!more) return 'running';
  if (budget !== 'within') return 'budget_reached';
  return paused ? 'paused' : 'running';
}

export interface StartFacts {
  window: number;
  inFlight: number;
  /** What the pace allows. */
  allowed: number;
  /** Documents that are at hand. */
  ready: number;
  unwrittenRows: number;
}

/** How many documents to start now. */
export function startCount({ window, inFlight, allowed, ready, unwrittenRows }: StartFacts): number {
  if (unwrittenRows >= MAX_UNWRITTEN_ROWS) return 0;
  return Math.max(0, Math.min(window - inFlight, allowed, ready));
}

export interface FlushFacts {
  rows: number;
  /** A segment is on its way. */
  writing: boolean;
  nowMs: number;
  /** When a segment was last sent; -Infinity: never in this run. */
  lastMs: number;
  /** Nothing more will come. */
  finishing: boolean;
  /** A segment that was sent before has to be sent again. */
  again: boolean;
}

/**
 * Whether to write rows to the record now. The first row after a while is written at once, those on its heels together; no timer is needed where
 * documents end more slowly than that.
 * @returns how long to wait for more rows at most, ms; 0: write now; null: nothing is to be written, or not before what is on its way has arrived.
 */
export function flushWait({ rows, writing, nowMs, lastMs, finishing, again }: FlushFacts): number | null {
  if (writing) return null;
  if (finishing || again || rows >= MAX_SEGMENT_ROWS) return 0;
  if (rows === 0) return null;
  return nowMs - lastMs >= SEGMENT_GAP_MS ? 0 : ROW_PATIENCE_MS;
}

export interface RunFacts {
  events: number;
  bytes: number;
  /** Once Temporal suggests a new run: documents that this one started itself and that are still under way. Until then Infinity. */
  own: number;
  /** Events that a run may have. */
  limit: number;
}

/** Whether it is time for a new run of the workflow. */
export function isRunFull({ events, bytes, own, limit }: RunFacts): boolean {
  return events > limit || bytes > BYTES_A_RUN || own <= FEW_OWN;
}
