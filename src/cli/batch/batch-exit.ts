import type { BatchEnd } from '../../client/batch/batch-end.js';
import type { FailureType } from '../../jobs/failures.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { notDone } from './progress.js';

/** Nothing was started. */
const WRONG_INPUT: ReadonlySet<string> = new Set<FailureType>(['DocumentInputInvalid', 'DocumentBatchManifestInvalid']);

/** 0: every document is done. 1: some were refused, failed, have gaps or were not started. */
export function batchExitOf(end: BatchEnd): ExitCode {
  if (end.kind === 'cancelled') return EXIT.cancelled;
  if (end.kind === 'result') return notDone(end.result) + end.result.unusableRows > 0 ? EXIT.failed : EXIT.done;
  if (end.failure.type === 'DocumentAccountRefused') return EXIT.unreachable;
  return WRONG_INPUT.has(end.failure.type) ? EXIT.usage : EXIT.failed;
}
