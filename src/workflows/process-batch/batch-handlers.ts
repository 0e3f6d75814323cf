import { defineQuery, defineUpdate, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { BatchChange, BatchStatus } from '../../jobs/batch.js';
import { checkBatchChange } from '../../jobs/batch-input.js';
import { batchMarkdown } from '../../jobs/batch-markdown.js';
import { marked, rateOf } from '../../jobs/batch-rate.js';
import { endedOf } from '../../jobs/batch-tally.js';
import { BATCH_STATUS_QUERY, BATCH_UPDATE } from '../../jobs/names.js';
import type { BatchRun } from './batch-run.js';

/** Answers what a batch is doing, also after its end. */
export const documentBatchStatus = defineQuery<BatchStatus>(BATCH_STATUS_QUERY);

/** Changes a running batch. */
export const changeDocumentBatch = defineUpdate<BatchStatus, [BatchChange]>(BATCH_UPDATE);

const DETAILS_EVERY_MS = 1_000;

export function handleBatch(run: BatchRun): void {
  setHandler(documentBatchStatus, () => run.status(), { description: 'What the batch is doing now' });
  setHandler(changeDocumentBatch, (change) => apply(run, change), {
    validator: (change: BatchChange) => refuse(run, change),
    description: 'Pauses, goes on, changes window, pace and budget, or cancels',
  });
}

function refuse(run: BatchRun, change: BatchChange): void {
  const problem = checkBatchChange(change);
  if (problem !== null) throw new Error(`${problem.field}: ${problem.reason}`);
  if (run.isStopping || run.endedAt !== null)
    throw new Error(`the batch is ${run.stage}: nothing can be changed any more`);
}

function apply(run: BatchRun, { paused, window, startsPerSecond, budget, cancel }: BatchChange): BatchStatus {
  const { state } = run;
  if (paused !== undefined) state.paused = paused;
  if (window !== undefined) state.window = window;
  if (startsPerSecond !== undefined) state.startsPerSecond = startsPerSecond;
  if (budget !== undefined) state.budget = budget;
  if (cancel === true) run.cancel('update');
  run.wake();
  return run.status();
}

/** Shows the batch in Temporal's UI, which costs no event. */
export class BatchDetails {
  #shownMs = -Infinity;

  constructor(private readonly run: BatchRun) {}

  /** @param isLast shown in any case. */
  show(isLast = false): void {
    const nowMs = Date.now();
    if (!isLast && nowMs - this.#shownMs < DETAILS_EVERY_MS) return;
    this.#shownMs = nowMs;
    const { state } = this.run;
    const ended = endedOf(state.tally);
    state.marks = marked(state.marks, nowMs, ended);
    setCurrentDetails(batchMarkdown(this.run.status(), rateOf(state.marks, nowMs, ended), nowMs));
  }
}
