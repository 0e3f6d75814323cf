import {
  type AwaitBatchInput,
  type AwaitBatchOutput,
  BATCH_PAGE,
  type BatchPageInput,
  type BatchPageOutput,
  type PlanBatchOutput,
  type RecordBatchInput,
  type RecordBatchOutput,
} from '../../../src/jobs/batch-activities.js';
import { type BatchDocument, type BatchDocumentEnd } from '../../../src/jobs/batch.js';
import { documentUrl } from '../../fleet/fleet.js';
import { Random } from '../../../test/support/random.js';

const SUBMIT_MS = 500;

/** The documents of the batch, and what its activities would say of them. What is kept of each is a few bits. */
export class Documents {
  /** Whole documents under way: when they end, ms since the epoch. */
  readonly #running = new Map<string, { startedAt: number; endsAt: number }>();
  readonly #started: Uint8Array;
  readonly #recorded: Uint8Array;
  readonly #random: Random;
  startedTwice = 0;
  recorded = 0;
  recordedTwice = 0;
  segments = 0;
  /** Whose end a later run than theirs had to ask for. */
  awaited = 0;

  constructor(
    readonly count: number,
    private readonly jobMs: number,
    seed: number,
  ) {
    this.#started = new Uint8Array(count);
    this.#recorded = new Uint8Array(count);
    this.#random = new Random(seed);
  }

  plan(): PlanBatchOutput {
    const planPages = Math.ceil(this.count / BATCH_PAGE);
    return { drive: 0, documents: this.count, planPages, unusableRows: 0, segments: 0 };
  }

  page({ page }: BatchPageInput): BatchPageOutput {
    const from = page * BATCH_PAGE;
    const length = Math.min(BATCH_PAGE, this.count - from);
    const documents = Array.from({ length }, (_none, at): BatchDocument => {
      const index = from + at;
      return { index, id: `d${index}`, source: documentUrl(index), workflowId: workflowIdOf(index) };
    });
    return { documents };
  }

  /** @returns when it will end. */
  start(workflowId: string, now: number): number {
    const index = indexOf(workflowId);
    this.startedTwice += this.#started[index]!;
    this.#started[index] = 1;
    const endsAt = now + this.jobMs * (0.8 + 0.4 * this.#random.next());
    this.#running.set(workflowId, { startedAt: now, endsAt });
    return endsAt;
  }

  /** The end of one that has ended, which is told once. */
  tellEnd(workflowId: string): BatchDocumentEnd {
    const times = this.#running.get(workflowId);
    if (times === undefined) throw new Error(`${workflowId} does not run`);
    this.#running.delete(workflowId);
    return endOf(workflowId, times);
  }

  /** When the first of them ends. */
  firstEnd({ workflowIds }: AwaitBatchInput): number {
    return Math.min(...workflowIds.map((id) => this.#running.get(id)?.endsAt ?? 0));
  }

  await({ workflowIds }: AwaitBatchInput, now: number): AwaitBatchOutput {
    const over = workflowIds.filter((id) => (this.#running.get(id)?.endsAt ?? Infinity) <= now);
    this.awaited += over.length;
    return { ended: over.map((workflowId) => ({ workflowId, end: this.tellEnd(workflowId) })) };
  }

  record({ rows, segment }: RecordBatchInput): RecordBatchOutput {
    if (segment !== this.segments) throw new Error(`segment ${segment} comes after ${this.segments} of them`);
    this.segments += 1;
    for (const { index } of rows) {
      this.recordedTwice += this.#recorded[index]!;
      this.#recorded[index] = 1;
      this.recorded += 1;
    }
    return { segment };
  }
}

/** As long as real ones are. */
const workflowIdOf = (index: number): string => `document-${String(index).padStart(40, '0')}`;
const indexOf = (workflowId: string): number => Number(workflowId.slice('document-'.length));

/** Of a parse of one page. */
function endOf(workflowId: string, { startedAt, endsAt }: { startedAt: number; endsAt: number }): BatchDocumentEnd {
  const [begin, end] = [new Date(startedAt).toISOString(), new Date(endsAt).toISOString()];
  const jobId = `${workflowId.slice(-12)}-0000-4000-8000-000000000000`;
  const stored = { key: `reducto/${jobId}.json`, size: 20_000, sha256: workflowId.slice(-40).padStart(64, '0') };
  const job = { operation: 'parse', jobId, outcome: 'completed', submits: 1, reads: 1, pages: 1, credits: 1 } as const;
  const submittedAt = new Date(startedAt + SUBMIT_MS).toISOString();
  const jobs = [{ ...job, submittedAt, endedAt: end, stored }];
  return { state: 'done', jobs, pages: 1, credits: 1, startedAt: begin, endedAt: end };
}
