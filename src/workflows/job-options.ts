import { type ActivityOptions, compileRetryPolicy, type Priority } from '@temporalio/common';
import { parseDuration } from '../jobs/duration.js';
import type { PollingOptions } from '../jobs/process-document.js';
import { MAX_WINDOW_MS } from '../jobs/wait-plan.js';
import { documentFailure } from './failure.js';

/** Settable for all jobs (`documentJobs({…})`) and for a single call, which wins. Durations: ms or strings like `30m`. */
export interface JobOptions {
  /** Task queue of the activities. Default: the workflow's own. */
  taskQueue?: string;
  /** Limit for one job, from the call to its end, waiting for a busy vendor included. Default none. */
  jobDeadline?: number | string;
  polling?: PollingOptions;
  /** Where values go: `inline` (default) in history, `stored` only in the result store, `auto` inline if they fit. */
  results?: 'inline' | 'stored' | 'auto';
  /** Largest value that may travel inline, in bytes of UTF-8 JSON. Default 65,536. */
  inlineLimit?: number;
  /** Also copy the files that a result names by URL (figures, charts, PDFs) into the result store. Default false: such URLs expire. */
  copyAssets?: boolean;
  /** Whether the vendor is asked for a webhook, where the account has them: it ends the wait at once. Default true. */
  webhooks?: boolean;
  /** How often a job that the vendor failed with a transient reason is submitted again. Default 1. */
  maxResubmits?: number;
  /** What to do when a submit may have been accepted and cannot be looked up. Default `fail`: nothing is paid twice unknowingly. */
  onUnknownSubmit?: 'fail' | 'resubmit';
  /**
   * What to do when the vendor no longer knows a parsed document that a job was to reuse: parse it again, `once` for all jobs that reuse it,
   * and go on, which is paid again and shown in the receipt (default); or `never`, and fail with `DocumentReferenceExpired`.
   */
  repair?: 'once' | 'never';
  /**
   * What to do when the vendor refuses the key: `wait`, durably, until it is taken or the deadline passes; or `fail` with
   * `DocumentAccountRefused`. Default: wait once the vendor has accepted a job of this workflow, fail before.
   */
  onRefusedKey?: 'wait' | 'fail';
  /** Retry policy of uploads and polls, merged over ours. Submit and cancel keep theirs: given up early, they would leave a job behind. */
  retry?: ActivityOptions['retry'];
  /** Temporal's priority and fairness, passed through. */
  priority?: Priority;
}

/** {@link JobOptions} with defaults filled in and durations in ms. */
export interface ResolvedJobOptions {
  taskQueue: string | undefined;
  jobDeadlineMs: number | null;
  expectedMs: number | null;
  windowMs: number;
  cancelSettleMs: number;
  results: 'inline' | 'stored' | 'auto';
  inlineLimit: number;
  copyAssets: true | undefined;
  webhooks: boolean;
  maxResubmits: number;
  onUnknownSubmit: 'fail' | 'resubmit';
  repair: 'once' | 'never';
  onRefusedKey: 'wait' | 'fail' | undefined;
  retry: ActivityOptions['retry'];
  priority: Priority | undefined;
}

/** @throws DocumentInputInvalid for a duration that is none. */
export function resolveJobOptions(options: JobOptions, fail: InvalidOption): ResolvedJobOptions {
  const polling = options.polling ?? {};
  checkRetry(options.retry, fail);
  wholeNumber('maxResubmits', options.maxResubmits, fail);
  wholeNumber('inlineLimit', options.inlineLimit, fail);
  return {
    taskQueue: options.taskQueue,
    jobDeadlineMs: duration('jobDeadline', options.jobDeadline, fail),
    expectedMs: duration('polling.expected', polling.expected, fail),
    windowMs: Math.min(duration('polling.window', polling.window, fail) ?? MAX_WINDOW_MS, MAX_WINDOW_MS),
    cancelSettleMs: duration('polling.cancelSettle', polling.cancelSettle, fail) ?? 30_000,
    results: options.results ?? 'inline',
    inlineLimit: options.inlineLimit ?? 65_536,
    copyAssets: options.copyAssets || undefined,
    webhooks: options.webhooks ?? true,
    maxResubmits: options.maxResubmits ?? 1,
    onUnknownSubmit: options.onUnknownSubmit ?? 'fail',
    repair: options.repair ?? 'once',
    onRefusedKey: options.onRefusedKey,
    retry: options.retry,
    priority: options.priority,
  };
}

/** The SDK's own check throws an error that would leave the workflow retrying its task for ever. */
function checkRetry(retry: JobOptions['retry'], fail: InvalidOption): void {
  try {
    if (retry !== undefined) compileRetryPolicy(retry);
  } catch (error) {
    fail('retry', (error as Error).message);
  }
}

function wholeNumber(field: string, value: number | undefined, fail: InvalidOption): void {
  if (value !== undefined && (!Number.isInteger(value) || value < 0)) {
    fail(field, `expected a whole number ≥ 0, got ${String(value)}`);
  }
}

export type InvalidOption = (field: string, reason: string) => never;

export function duration(field: string, value: number | string | undefined, fail: InvalidOption): number | null {
  if (value === undefined) return null;
  const ms = parseDuration(value);
  return ms ?? fail(field, `expected ms or a duration such as "30m", got ${JSON.stringify(value)}`);
}

/** Throws DocumentInputInvalid for the given account. */
export function invalidInput(provider: string, account: string): InvalidOption {
  return (field, reason) => {
    throw documentFailure('DocumentInputInvalid', `${field}: ${reason}. Correct it: nothing was sent.`, {
      provider,
      account,
      operation: 'parse',
      field,
      reason,
    });
  };
}
