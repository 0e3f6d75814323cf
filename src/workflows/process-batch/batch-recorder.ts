import { sleep } from '@temporalio/workflow';
import { flushWait, MAX_SEGMENT_ROWS } from '../../jobs/batch-steps.js';
import { defined } from '../../jobs/defined.js';
import type { BatchRun } from './batch-run.js';

const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 10 * 60_000;

/** Brings rows into the record, one segment after the other. A row is in the state until its segment is written. */
export class BatchRecorder {
  /** A segment is on its way, or waits to be tried again. */
  #writing = false;
  #sending = false;
  #timer = false;
  #lastMs = -Infinity;
  #failures = 0;
  /** The last segment of the drive is written. */
  isDone = false;

  constructor(private readonly run: BatchRun) {}

  /** A segment is on its way: not one that waits to be tried again. */
  get isSending(): boolean {
    return this.#sending;
  }

  /** Writes what is due. @param finishing nothing more will come. */
  flush(finishing: boolean): void {
    const { rows, sent } = this.run.state;
    if (this.isDone) return;
    const facts = { rows: rows.length, writing: this.#writing, nowMs: Date.now(), lastMs: this.#lastMs };
    const wait = flushWait({ ...facts, finishing, again: sent !== null });
    if (wait === 0) {
      this.#writing = true;
      void this.#write(finishing);
    } else if (wait !== null && !this.#timer) {
      this.#timer = true;
      void this.#wakeIn(wait);
    }
  }

  async #wakeIn(ms: number): Promise<void> {
    await sleep(ms);
    this.#timer = false;
    this.run.wake();
  }

  async #write(finishing: boolean): Promise<void> {
    const { batchId, plan, state, activities } = this.run;
    const { segments: segment } = state;
    const isLast = finishing && state.rows.length <= MAX_SEGMENT_ROWS;
    state.sent ??= { rows: Math.min(state.rows.length, MAX_SEGMENT_ROWS), last: isLast };
    const { rows: count, last } = state.sent;
    this.#lastMs = Date.now();
    this.#sending = true;
    try {
      const rows = state.rows.slice(0, count);
      const record = activities.recordDocumentBatch(`${count} rows into segment ${segment}`);
      const again = state.secondLife;
      const asked = { batchId, drive: plan.drive, segment, rows, ...defined({ last: last || undefined, again }) };
      state.segments = (await record(asked)).segment + 1;
      state.rows.splice(0, count);
      state.sent = null;
      this.isDone = last;
      this.#sending = false;
      this.#failures = 0;
      this.run.tell('record', null);
    } catch {
      this.#sending = false;
      this.run.tell('record', `segment ${segment} of the record can't be written`);
      await sleep(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++));
    }
    this.#writing = false;
    this.run.wake();
  }
}
