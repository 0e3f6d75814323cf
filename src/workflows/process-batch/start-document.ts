import {
  type ChildWorkflowOptions,
  isCancellation,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { type Priority, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { BatchDocument, BatchDocumentEnd } from '../../jobs/batch.js';
import { clipped, sizeOf } from '../../jobs/batch-end.js';
import { takeOff } from '../../jobs/batch-row.js';
import { defined } from '../../jobs/defined.js';
import { BATCH_DOCUMENT_WORKFLOW } from '../../jobs/names.js';
import type { ProcessDocumentInput } from '../../jobs/process-document.js';
import type { BatchRun, Flight } from './batch-run.js';
import { endOfChild } from './child-failure.js';

/** Temporal takes 400 bytes of summary. */
const MAX_SUMMARY = 90;
/** Of a fairness key. */
const MAX_KEY_BYTES = 64;

/** Starts one document, and lands it when it has ended. */
export function startDocument(run: BatchRun, document: BatchDocument): void {
  const flight: Flight = { ...takeOff(document, Date.now()), place: 'starting' };
  run.flights.set(flight.index, flight);
  run.state.tally.started++;
  void follow(run, document, flight);
}

async function follow(run: BatchRun, document: BatchDocument, flight: Flight): Promise<void> {
  const { source, parsed } = document;
  const input: ProcessDocumentInput = { ...run.input.request, source, ...defined({ parsed }) };
  let child;
  try {
    child = await startChild(BATCH_DOCUMENT_WORKFLOW, { ...childOptions(run, document, flight), args: [input] });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) beElsewhere(run, flight, run.state.secondLife !== true);
    else run.land(flight.index, endOfChild(flight, error));
    return;
  }
  flight.place = 'own';
  run.wake();
  try {
    run.land(flight.index, (await child.result()) as BatchDocumentEnd);
  } catch (error) {
    // What a cancelled document was charged stands in its memo, which only an activity can read.
    if (isCancellation(error)) beElsewhere(run, flight, false);
    else run.land(flight.index, endOfChild(flight, error));
  }
}

/** @param isReused somebody else began it: this batch pays nothing, and does not cancel it. */
function beElsewhere(run: BatchRun, flight: Flight, isReused: boolean): void {
  flight.place = 'elsewhere';
  if (isReused) flight.reused = true;
  run.unwatched.add(flight.index);
  run.wake();
}

/** Documents outlive the batch's run: its next one, or nobody, waits for them. */
function childOptions(
  run: BatchRun,
  { workflowId, tenant, priority }: BatchDocument,
  flight: Flight,
): ChildWorkflowOptions {
  const { input, batchId } = run;
  const { ALLOW_DUPLICATE, ALLOW_DUPLICATE_FAILED_ONLY } = WorkflowIdReusePolicy;
  return {
    workflowId,
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: input.redrive === undefined ? ALLOW_DUPLICATE_FAILED_ONLY : ALLOW_DUPLICATE,
    staticSummary: clipped(flight.source ?? flight.id, MAX_SUMMARY),
    staticDetails: `Document \`${flight.id}\` of batch \`${batchId}\``,
    priority: priorityOf(priority, tenant),
    ...defined({ taskQueue: input.taskQueue }),
  };
}

/** What Temporal would refuse is left out: a workflow that asks for it would never get on. */
function priorityOf(priority: number | undefined, tenant: string | undefined): Priority {
  const isPriority = Number.isInteger(priority) && (priority as number) >= 1 && (priority as number) <= 5;
  const isKey = typeof tenant === 'string' && tenant !== '' && sizeOf(tenant) - 2 <= MAX_KEY_BYTES;
  return { ...(isPriority ? { priorityKey: priority as number } : {}), ...(isKey ? { fairnessKey: tenant } : {}) };
}
