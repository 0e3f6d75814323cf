import { allHandlersFinished, condition, sleep, workflowInfo } from '@temporalio/workflow';
import { sizeOf } from '../../jobs/batch-end.js';
import { allowedStarts, refilled, untilNextStart } from '../../jobs/batch-pace.js';
import type { InFlight } from '../../jobs/batch-state.js';
import { EVENTS_A_RUN, isRunFull, MAX_STATE_BYTES, startCount } from '../../jobs/batch-steps.js';
import { BatchDetails } from './batch-handlers.js';
import { BatchRecorder } from './batch-recorder.js';
import type { BatchRun, Flight } from './batch-run.js';
import { DocumentCanceller } from './cancel-documents.js';
import { startDocument } from './start-document.js';
import { ElsewhereWatch } from './watch-elsewhere.js';

/** Keeps as many documents under way as may be, until there are none left or the run has grown too long. */
export class BatchLoop {
  readonly #recorder: BatchRecorder;
  readonly #watch: ElsewhereWatch;
  readonly #canceller: DocumentCanceller;
  readonly #details: BatchDetails;
  #timer = false;
  /** A new run is to go on: nothing is begun any more in this one. */
  #leaving = false;

  constructor(private readonly run: BatchRun) {
    this.#recorder = new BatchRecorder(run);
    this.#watch = new ElsewhereWatch(run);
    this.#canceller = new DocumentCanceller(run);
    this.#details = new BatchDetails(run);
  }

  /** @returns `full`: the run's state is ready for the next one. */
  async toEnd(): Promise<'ended' | 'full'> {
    const { run } = this;
    for (;;) {
      run.changed = false;
      const isOver = this.#step();
      this.#details.show(isOver);
      if (isOver && this.#recorder.isDone) return 'ended';
      if (!isOver && this.#mayLeave()) return 'full';
      await condition(() => run.changed);
    }
  }

  /** All that can be done now. @returns whether every document has ended that ever will. */
  #step(): boolean {
    const { run } = this;
    if (run.cancelledBy !== null) this.#canceller.ask();
    this.#leaving ||= this.#isFull();
    const { stage } = run;
    if (stage === 'running' && !this.#leaving) this.#fill();
    this.#watch.ask();
    const isOver = run.flights.size === 0 && this.#isNothingLeft();
    this.#recorder.flush(isOver);
    return isOver;
  }

  #isNothingLeft(): boolean {
    const { run } = this;
    if (run.isStopping || !run.pages.hasMore) return true;
    return run.stage === 'budget_reached' && run.state.budget?.then === 'stop';
  }

  #fill(): void {
    const { state, pages, flights } = this.run;
    pages.fetchAhead();
    state.pace = refilled(state.pace, state.startsPerSecond, Date.now());
    const facts = { window: state.window, inFlight: flights.size, unwrittenRows: state.rows.length };
    const wanted = startCount({ ...facts, ready: pages.ready, allowed: Infinity });
    const count = Math.min(wanted, allowedStarts(state.pace));
    for (let started = 0; started < count; started++) {
      const document = pages.take();
      if (document === undefined) break;
      state.pace.tokens--;
      startDocument(this.run, document);
    }
    pages.fetchAhead();
    if (wanted > count) this.#wakeIn(untilNextStart(state.pace, state.startsPerSecond));
  }

  #wakeIn(ms: number): void {
    if (this.#timer) return;
    this.#timer = true;
    void sleep(ms).then(() => {
      this.#timer = false;
      this.run.wake();
    });
  }

  /** A cancelled workflow's next run would not be cancelled; and little is left to do. */
  #isFull(): boolean {
    const { input, flights, isStopping, pages } = this.run;
    if (isStopping || (!pages.hasMore && flights.size === 0)) return false;
    const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
    return isRunFull({
      events: historyLength,
      bytes: historySize,
      own: continueAsNewSuggested ? ownOf(flights) : Infinity,
      limit: input.eventsPerRun ?? EVENTS_A_RUN,
    });
  }

  /** Whether all that is going on can be carried into the next run; then it stands in the state. */
  #mayLeave(): boolean {
    const { flights, state, pages, isStopping } = this.run;
    if (!this.#leaving || isStopping || pages.isReading || this.#recorder.isSending || !allHandlersFinished())
      return false;
    const all = [...flights.values()];
    if (all.some(({ place }) => place === 'starting')) return false;
    const inFlight = all.map(carried);
    if (sizeOf({ ...state, inFlight }) > MAX_STATE_BYTES) return false;
    state.inFlight = inFlight;
    this.run.isLeft = true;
    return true;
  }
}

function ownOf(flights: ReadonlyMap<number, Flight>): number {
  return [...flights.values()].filter(({ place }) => place === 'own').length;
}

function carried({ place: _place, cancelAsked: _asked, ...flight }: Flight): InFlight {
  return flight;
}
