import type { BatchDocumentEnd } from './batch.js';
import type { BatchTally } from './batch-state.js';

/** Kinds of failure that are counted each by itself. What a vendor or a user makes up is not bounded. */
const MAX_TYPES = 50;
const OTHER_TYPES = 'other';

/** Counts one document that has ended. What was not paid for this batch costs it nothing. */
export function countEnd(tally: BatchTally, { state, error, pages, credits }: BatchDocumentEnd, reused: boolean): void {
  tally.ended[state]++;
  if (reused) tally.reused++;
  else {
    tally.pages = sum(tally.pages, pages);
    tally.credits = sum(tally.credits, credits);
  }
  if (error === undefined) return;
  const { errors } = tally;
  const isRoom = error.type in errors || Object.keys(errors).length < MAX_TYPES;
  const type = isRoom ? error.type : OTHER_TYPES;
  errors[type] = (errors[type] ?? 0) + 1;
}

/** All that have ended, however. */
export function endedOf({ ended }: BatchTally): number {
  return Object.values(ended).reduce((all, one) => all + one, 0);
}

function sum(known: number | null, more: number | null): number | null {
  return typeof more === 'number' ? (known ?? 0) + more : known;
}
