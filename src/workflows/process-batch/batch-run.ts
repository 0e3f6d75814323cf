import { workflowInfo } from '@temporalio/workflow';
import type { PlanBatchOutput } from '../../jobs/batch-activities.js';
import type { BatchDocumentEnd, BatchStatus, ProcessBatchInput } from '../../jobs/batch.js';
import { batchRow, endWithoutReport } from '../../jobs/batch-row.js';
import { type BatchState, type InFlight, newBatchState } from '../../jobs/batch-state.js';
import { batchStatus } from '../../jobs/batch-status.js';
import { budgetVerdict, stageOf } from '../../jobs/batch-steps.js';
import { countEnd } from '../../jobs/batch-tally.js';
import { batchProxies } from './batch-proxies.js';
import { PlanReader } from './plan-reader.js';

/** A document under way. */
export interface Flight extends InFlight {
  /** `starting`: asked for; `own`: its end comes by itself; `elsewhere`: its end has to be asked for. */
  place: 'starting' | 'own' | 'elsewhere';
  cancelAsked?: true;
}

type Activity = 'plan' | 'record' | 'await';

/** One run of a batch's workflow: what it carries on, and what is going on at the moment. */
export class BatchRun {
  readonly batchId: string;
  readonly state: BatchState;
  readonly activities: ReturnType<typeof batchProxies>;
  readonly pages: PlanReader;
  /** By the document's place in the manifest, the oldest first. */
  readonly flights = new Map<number, Flight>();
  /** Of these the ones elsewhere whose end nobody has asked for. */
  readonly unwatched = new Set<number>();
  /** Who wants everything to stop. */
  cancelledBy: 'update' | 'workflow' | null = null;
  /** What makes it impossible to go on. */
  broken: Error | null = null;
  endedAt: string | null = null;
  /** The next run goes on from the state as it is: whatever ends now, it will ask for. */
  isLeft = false;
  /** Something has happened since it was last looked. */
  changed = true;
  readonly #trouble = new Map<Activity, string>();
  readonly #stops: (() => void)[] = [];

  constructor(
    readonly input: ProcessBatchInput,
    carried: BatchState | undefined,
  ) {
    const { workflowId, attempt, originalExecutionRunId, runId } = workflowInfo();
    this.batchId = input.redrive?.batchId ?? workflowId;
    this.state = carried ?? newBatchState(input, Date.now());
    this.activities = batchProxies(input.taskQueue);
    this.pages = new PlanReader(this);
    if (attempt > 1 || originalExecutionRunId !== runId) this.state.secondLife = true;
    for (const one of this.state.inFlight) {
      this.flights.set(one.index, { ...one, place: 'elsewhere' });
      this.unwatched.add(one.index);
    }
    this.state.inFlight = [];
  }

  wake(): void {
    this.changed = true;
  }

  /** @param what is wrong; null: nothing any more. */
  tell(activity: Activity, what: string | null): void {
    if (what === null) this.#trouble.delete(activity);
    else this.#trouble.set(activity, what);
    this.wake();
  }

  cancel(by: 'update' | 'workflow'): void {
    // A workflow that is cancelled ends as such, whatever an update said before.
    if (this.cancelledBy !== 'workflow') this.cancelledBy = by;
    for (const stop of this.#stops.splice(0)) stop();
    this.wake();
  }

  /** @param stop is called when the batch is told to stop. */
  onCancel(stop: () => void): void {
    this.#stops.push(stop);
  }

  get plan(): PlanBatchOutput {
    if (this.state.plan === null) throw new Error('not planned yet');
    return this.state.plan;
  }

  get isStopping(): boolean {
    return this.cancelledBy !== null || this.broken !== null;
  }

  get stage(): BatchStatus['stage'] {
    const { plan, budget, tally, paused } = this.state;
    return stageOf({
      ended: this.endedAt !== null,
      planned: plan !== null,
      stopping: this.isStopping,
      budget: budgetVerdict(budget, tally),
      paused,
      more: plan !== null && this.pages.hasMore,
    });
  }

  /** One document has ended; told twice, it counts once. */
  land(index: number, end: BatchDocumentEnd): void {
    const flight = this.flights.get(index);
    if (flight === undefined || this.isLeft) return;
    this.flights.delete(index);
    this.unwatched.delete(index);
    const { tally, rows } = this.state;
    const known = typeof end?.state === 'string' && end.state in tally.ended ? end : strangeEnd(flight);
    countEnd(tally, known, flight.reused === true);
    rows.push(batchRow(flight, known, this.plan.drive));
    this.wake();
  }

  status(): BatchStatus {
    const oldest: InFlight[] = [];
    for (const flight of this.flights.values()) if (oldest.push(flight) === 10) break;
    return batchStatus(this.state, {
      batchId: this.batchId,
      stage: this.stage,
      running: this.flights.size,
      oldest,
      endedAt: this.endedAt,
      trouble: [...this.#trouble.values()].join('; ') || undefined,
    });
  }
}

/** A user's own workflow of the same name may return anything. */
function strangeEnd(flight: InFlight): BatchDocumentEnd {
  const reason = `the workflow ${flight.workflowId} returned something else than the end of a document`;
  return endWithoutReport(flight, 'failed', { type: 'UnexpectedResult', reason }, Date.now());
}
