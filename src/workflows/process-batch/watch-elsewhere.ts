import { sleep } from '@temporalio/workflow';
import { AWAIT_PATIENCE_MS } from './batch-proxies.js';
import type { BatchRun } from './batch-run.js';

/** Documents that one activity waits for: their ids stand in history each time it is asked. */
const MAX_TOGETHER = 100;
/** Activities that wait at once: enough for the largest window. */
const MAX_WATCHERS = 25;
const RETRY_MS = 30_000;

/** Waits for documents whose end is not told to this run of the workflow: it did not start them, or they were cancelled. */
export class ElsewhereWatch {
  #watchers = 0;

  constructor(private readonly run: BatchRun) {}

  /** Asks for the ends of those that nobody has asked for yet. */
  ask(): void {
    const { unwatched } = this.run;
    while (unwatched.size > 0 && this.#watchers < MAX_WATCHERS) {
      const some = [...unwatched].slice(0, MAX_TOGETHER);
      for (const index of some) unwatched.delete(index);
      this.#watchers++;
      void this.#watch(some);
    }
  }

  async #watch(indexes: number[]): Promise<void> {
    const { flights, activities } = this.run;
    const byWorkflow = new Map<string, number[]>();
    for (const index of indexes) {
      const { workflowId } = flights.get(index) ?? {};
      if (workflowId !== undefined) byWorkflow.set(workflowId, [...(byWorkflow.get(workflowId) ?? []), index]);
    }
    try {
      const wait = activities.awaitBatchDocuments(`wait for ${byWorkflow.size} documents`);
      const { ended } = await wait({ workflowIds: [...byWorkflow.keys()], patienceMs: AWAIT_PATIENCE_MS });
      for (const { workflowId, end } of ended) {
        for (const index of byWorkflow.get(workflowId) ?? []) this.run.land(index, end);
      }
      this.run.tell('await', null);
    } catch {
      this.run.tell('await', `no word of ${byWorkflow.size} documents that were started elsewhere`);
      await sleep(RETRY_MS);
    }
    this.#watchers--;
    for (const index of indexes) if (flights.has(index)) this.run.unwatched.add(index);
    this.run.wake();
  }
}
