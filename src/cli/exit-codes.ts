import type { DocumentEnd } from '../client/document-end.js';
import type { BatchRowState } from '../jobs/batch.js';

/** What the process's exit code says. Fixed: scripts rely on it. */
export const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 3, unreachable: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = `
Exit codes:
  0  done
  1  a document failed (a passed deadline too) or is incomplete
  2  wrong usage or input, an unknown workflow id
  3  cancelled
  4  Temporal or the vendor can't be reached or refuses the key`;

/** A failure that asks for more than looking at the document outweighs one that doesn't. */
const BY_WEIGHT: readonly ExitCode[] = [EXIT.done, EXIT.cancelled, EXIT.failed, EXIT.usage, EXIT.unreachable];

export function worstExit(codes: readonly ExitCode[]): ExitCode {
  return BY_WEIGHT[Math.max(0, ...codes.map((code) => BY_WEIGHT.indexOf(code)))] ?? EXIT.done;
}

export function exitOf(end: DocumentEnd): ExitCode {
  if (end.kind === 'cancelled') return EXIT.cancelled;
  const state = batchState(end);
  if (state !== null) return state === 'done' ? EXIT.done : EXIT.failed;
  if (end.kind === 'result') return end.result.status === 'complete' ? EXIT.done : EXIT.failed;
  return end.failure.type === 'DocumentAccountRefused' ? EXIT.unreachable : EXIT.failed;
}

/** How a document of a batch ended, whose workflow returns little. @returns null for any other. */
export function batchState(end: DocumentEnd): BatchRowState | null {
  return end.kind === 'result' ? ((end.result as { state?: BatchRowState }).state ?? null) : null;
}
