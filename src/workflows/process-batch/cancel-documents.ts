import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { endWithoutReport } from '../../jobs/batch-row.js';
import type { BatchRun, Flight } from './batch-run.js';

/** Temporal bears 2,000 for one workflow, and each wakes a document that then calls its vendor. */
const MAX_PENDING = 200;

/** Cancels what is under way. Each document then ends by itself, when its vendor's jobs have. */
export class DocumentCanceller {
  #pending = 0;

  constructor(private readonly run: BatchRun) {}

  /** Asks as many as may be asked now. One that is being started is asked when that is certain. */
  ask(): void {
    for (const flight of [...this.run.flights.values()]) {
      if (flight.reused === true) this.#leave(flight);
      else if (flight.cancelAsked !== true && flight.place !== 'starting' && this.#pending < MAX_PENDING) {
        flight.cancelAsked = true;
        this.#pending++;
        void this.#cancel(flight);
      }
    }
  }

  async #cancel({ workflowId }: Flight): Promise<void> {
    // One that is not found has ended: of that its end will tell.
    await getExternalWorkflowHandle(workflowId)
      .cancel()
      .catch(() => undefined);
    this.#pending--;
    this.run.wake();
  }

  /** Somebody else's document goes on, and is none of this batch any more. */
  #leave(flight: Flight): void {
    const reason = 'the batch was cancelled; the document was begun elsewhere, and goes on there';
    const end = endWithoutReport(flight, 'cancelled', { type: 'BatchCancelled', reason }, Date.now());
    this.run.land(flight.index, end);
  }
}
