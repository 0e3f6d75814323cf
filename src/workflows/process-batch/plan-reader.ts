import { sleep } from '@temporalio/workflow';
import type { BatchDocument } from '../../jobs/batch.js';
import { findDocumentFailure } from '../../jobs/failures.js';
import { unwrapActivityFailure } from '../failure.js';
import type { BatchRun } from './batch-run.js';

/** The next page is fetched when so few documents of this one are left. */
const FEW = 100;
const RETRY_MS = 30_000;

/** The plan, read page by page: at most the page at hand and the one after it are held. */
export class PlanReader {
  #reading = false;
  /** Pages that were read and are not used up, the first of them from the batch's position on. */
  readonly #pages: BatchDocument[][] = [];

  constructor(private readonly run: BatchRun) {}

  /** How many documents can be taken. */
  get ready(): number {
    return (
      this.#pages.reduce((sum, page) => sum + page.length, 0) - (this.#pages.length > 0 ? this.run.state.position : 0)
    );
  }

  get isReading(): boolean {
    return this.#reading;
  }

  /** Whether documents are left in the plan. */
  get hasMore(): boolean {
    return this.run.state.page < this.run.plan.planPages;
  }

  take(): BatchDocument | undefined {
    const { state } = this.run;
    const document = this.#pages[0]?.[state.position];
    if (document === undefined) return undefined;
    state.position++;
    this.#turn();
    return document;
  }

  /** Fetches the next page, unless there is enough at hand. */
  fetchAhead(): void {
    const next = this.run.state.page + this.#pages.length;
    if (this.#reading || this.ready >= FEW || this.#pages.length > 1 || next >= this.run.plan.planPages) return;
    this.#reading = true;
    void this.#fetch(next);
  }

  async #fetch(page: number): Promise<void> {
    const { batchId, activities, plan } = this.run;
    try {
      const read = activities.readDocumentBatchPage(`page ${page} of the plan`);
      const { documents } = await read({ batchId, drive: plan.drive, page });
      this.#pages.push(documents);
      this.#turn();
      this.run.tell('plan', null);
    } catch (error) {
      const failure = unwrapActivityFailure(error);
      // What says itself that it is final will not be better tomorrow; all else may be.
      if (findDocumentFailure(failure) !== undefined) this.run.broken = failure as Error;
      this.run.tell('plan', `page ${page} of the plan can't be read`);
      if (this.run.broken === null) await sleep(RETRY_MS);
    } finally {
      this.#reading = false;
      this.run.wake();
    }
  }

  /** Goes on to the next page when this one is used up. */
  #turn(): void {
    const { state } = this.run;
    for (let [page] = this.#pages; page !== undefined && state.position >= page.length; [page] = this.#pages) {
      this.#pages.shift();
      state.page++;
      state.position = 0;
    }
  }
}
