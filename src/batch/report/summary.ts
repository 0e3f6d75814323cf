import type { BatchRow, BatchRowState } from '../../jobs/batch.js';
import { createCost, type BatchCost } from './cost.js';
import { createHistogram, type Histogram } from './histogram.js';
import { createTimeline, type Timeline } from './timeline.js';

/** Best first, as they are shown. */
export const ROW_STATES: readonly BatchRowState[] = [
  'done',
  'done_with_gaps',
  'refused',
  'failed',
  'cancelled',
  'not_started',
];

export const MAX_FAILURES = 500;
const MAX_SLOWEST = 15;
/** Types are few; that a vendor's own words come as types must not fill the memory. */
const MAX_ERRORS = 100;
export const OTHER_ERRORS = 'others';

export interface ErrorClass {
  count: number;
  /** Of the first one. */
  reason: string;
  vendorCode: string | null;
}

export interface SlowDocument {
  id: string;
  workflowId: string | null;
  ms: number;
  pages: number | null;
  state: BatchRowState;
}

/** Everything that a report shows of a record: of a size that does not grow with the record. */
export interface BatchSummary {
  documents: number;
  states: Record<BatchRowState, number>;
  reused: number;
  /** Drives that the record has rows of. */
  drives: number;
  /** ms since the epoch; null when nothing was started. */
  firstStart: number | null;
  lastEnd: number | null;
  /** From a document's start to its end, of documents that are done, ms. */
  durations: Histogram;
  /** The part of it in which none of the document's jobs was with the vendor, ms. */
  lag: Histogram;
  timeline: Timeline;
  cost: BatchCost;
  errors: Map<string, ErrorClass>;
  slowest: SlowDocument[];
  /** The first {@link MAX_FAILURES} that did not end well, in the order of the record. */
  failures: BatchRow[];
}

export interface SummarisedRecord {
  /** Every row that was ever written: what was paid, and when. */
  all: AsyncIterable<BatchRow>;
  /** The row that counts of each document. */
  latest: AsyncIterable<BatchRow>;
  /** Documents that were planned, those that can't be used among them: what has no row of them was not started, or has not ended. */
  planned: number;
}

/** Reads a record twice, in flat memory. */
export async function summariseBatch({ all, latest, planned }: SummarisedRecord): Promise<BatchSummary> {
  const summary: BatchSummary = {
    documents: 0,
    states: { done: 0, done_with_gaps: 0, refused: 0, failed: 0, cancelled: 0, not_started: 0 },
    reused: 0,
    drives: 0,
    firstStart: null,
    lastEnd: null,
    durations: createHistogram(),
    lag: createHistogram(),
    timeline: createTimeline(),
    cost: createCost(),
    errors: new Map(),
    slowest: [],
    failures: [],
  };
  for await (const row of all) addPaid(summary, row);
  for await (const row of latest) addEnd(summary, row);
  const without = Math.max(0, planned - summary.documents);
  summary.documents += without;
  summary.states.not_started += without;
  return summary;
}

function addPaid(summary: BatchSummary, row: BatchRow): void {
  summary.drives = Math.max(summary.drives, row.drive + 1);
  summary.cost.add(row);
  // When it ran, it ran for another batch.
  if (row.reused === true || row.startedAt === null || row.endedAt === null) return;
  const [start, end] = [Date.parse(row.startedAt), Date.parse(row.endedAt)];
  summary.timeline.started(start);
  summary.timeline.ended(end);
  summary.firstStart = Math.min(summary.firstStart ?? start, start);
  summary.lastEnd = Math.max(summary.lastEnd ?? end, end);
}

function addEnd(summary: BatchSummary, row: BatchRow): void {
  summary.documents += 1;
  summary.states[row.state] += 1;
  if (row.reused === true) summary.reused += 1;
  if (row.state !== 'done' && summary.failures.length < MAX_FAILURES) summary.failures.push(row);
  if (row.error !== undefined) addError(summary.errors, row.error);
  if (row.reused === true || row.startedAt === null || row.endedAt === null) return;
  const ms = Date.parse(row.endedAt) - Date.parse(row.startedAt);
  if (row.state.startsWith('done')) {
    summary.durations.add(ms);
    summary.lag.add(ms - atVendor(row));
  }
  addSlow(summary.slowest, { id: row.id, workflowId: row.workflowId, ms, pages: row.pages, state: row.state });
}

function addError(errors: Map<string, ErrorClass>, error: NonNullable<BatchRow['error']>): void {
  const type = errors.has(error.type) || errors.size < MAX_ERRORS ? error.type : OTHER_ERRORS;
  const known = errors.get(type);
  if (known !== undefined) known.count += 1;
  else errors.set(type, { count: 1, reason: error.reason, vendorCode: error.vendorCode ?? null });
}

function addSlow(slowest: SlowDocument[], one: SlowDocument): void {
  const last = slowest.at(-1);
  if (slowest.length >= MAX_SLOWEST && last !== undefined && last.ms >= one.ms) return;
  slowest.push(one);
  slowest.sort((a, b) => b.ms - a.ms);
  slowest.length = Math.min(slowest.length, MAX_SLOWEST);
}

/** Jobs side by side count once: what is covered by at least one of them, ms. */
function atVendor({ jobs }: BatchRow): number {
  const spans = jobs
    .map(({ submittedAt, endedAt }) => ({ from: Date.parse(submittedAt), to: Date.parse(endedAt) }))
    .filter(({ from, to }) => to >= from)
    .sort((a, b) => a.from - b.from);
  let [covered, until] = [0, -Infinity];
  for (const { from, to } of spans) {
    covered += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return covered;
}

/** Counts by error type, the most frequent first. */
export const byCount = <T extends { count: number }>(classes: Map<string, T>): [string, T][] =>
  [...classes].sort(([, a], [, b]) => b.count - a.count);
