import { setCurrentDetails, setHandler, defineQuery } from '@temporalio/workflow';
import { defined } from '../jobs/defined.js';
import { STATUS_QUERY } from '../jobs/names.js';
import { sumReceipt } from '../jobs/receipt.js';
import { statusMarkdown } from '../jobs/status-markdown.js';
import type { DocumentJobsStatus, JobReceipt, JobStatusLine } from '../jobs/types.js';
import { createRepairs } from './repair.js';
import { hearWebhooks, type WebhookCalls } from './webhook-calls.js';

/** Answered by every workflow that called `documentJobs()`. */
export const documentJobsStatus = defineQuery<DocumentJobsStatus>(STATUS_QUERY);

/** Which of the workflow's submits one is. */
export interface SubmitNumber {
  ordinal: number;
  /** Jobs of equal submits, this one's included once it is accepted. */
  equalJobs: string[];
}

/**
 * What the workflow's jobs are doing and what they cost so far. One board serves all `documentJobs()` of a workflow: it answers
 * the status query and numbers the submits. Module state is per workflow execution in Temporal's isolate, so workflows don't share it.
 */
export class Board {
  readonly webhooks: WebhookCalls;
  readonly lines: JobStatusLine[] = [];
  readonly receipts: JobReceipt[] = [];
  readonly repairs = createRepairs();
  readonly #equals = new Map<string, { ordinal: number; jobs: string[] }>();
  #submits = 0;
  #before = 0;
  #showDetails = false;

  constructor(webhooks: WebhookCalls) {
    this.webhooks = webhooks;
  }

  /**
   * Numbers the next submit among equal ones; part of its marker. Counting all submits together would not do: a retried or reset workflow
   * may reach them in another order, and would take one document's job for another's.
   */
  nextSubmit(key: string): SubmitNumber {
    const { ordinal, jobs } = this.#equals.get(key) ?? { ordinal: this.#before, jobs: [] };
    this.#equals.set(key, { ordinal: ordinal + 1, jobs });
    this.#submits++;
    return { ordinal, equalJobs: jobs };
  }

  /** How many submits were asked for, in earlier runs too. */
  get submitted(): number {
    return this.#before + this.#submits;
  }

  startAt(submitted: number): void {
    this.#before = Math.max(this.#before, submitted);
  }

  showDetails(): void {
    this.#showDetails = true;
  }

  line(operation: JobStatusLine['operation'], section: string | undefined): JobStatusLine {
    const line: JobStatusLine = {
      operation,
      ...defined({ section }),
      jobId: null,
      stage: 'submitting',
      vendorStatus: null,
      progress: null,
      outcome: null,
      submittedAt: null,
      nextReadAt: null,
      trouble: null,
    };
    this.lines.push(line);
    return line;
  }

  update(line: JobStatusLine, change: Partial<JobStatusLine>): void {
    Object.assign(line, change);
    if (this.#showDetails) setCurrentDetails(statusMarkdown(this.lines));
  }

  status(): DocumentJobsStatus {
    return { jobs: this.lines, receipt: sumReceipt(this.receipts) };
  }
}

let board: Board | undefined;

/** The workflow's board; the first call makes it and installs the query handler. */
export function workflowBoard(): Board {
  if (board === undefined) {
    const created = new Board(hearWebhooks());
    setHandler(documentJobsStatus, () => created.status(), { description: 'What each document job is doing now' });
    board = created;
  }
  return board;
}
