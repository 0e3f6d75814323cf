import type { ListedJob } from '../../providers/provider.js';

/** Where in an account's list, newest first, jobs of a certain age are. Learned from the sweeps that began at the top. */
export interface ListPlaces {
  readonly known: boolean;
  /** The page, from 0, on which a job that was made then is believed to be. */
  pageOf(createdAt: number): number;
  /** The deepest page that may be begun with when no job wanted was made later; null: begin at the top. */
  startFor(youngest: number): { page: number; cursor: string } | null;
  /** The next page of a sweep from the top. */
  note(page: number, jobs: readonly ListedJob[], nextCursor: string | null): void;
}

interface Mark {
  /** The oldest job of this page and all before it; -Infinity when some job's age is not known. */
  oldest: number;
  /** Of the page after it. */
  cursor: string | null;
}

/**
 * How long a cursor lives is not documented, nor the list's order. A cursor that still works shows the jobs behind it or, by position, newer
 * ones too: nothing wanted is skipped. And in a list that is in no order no page has only newer jobs before it.
 */
export function createListPlaces(): ListPlaces {
  let marks: Mark[] = [];
  let newest = -Infinity;
  return {
    get known() {
      return marks.length > 0;
    },
    pageOf(createdAt) {
      const page = firstIndex(marks.length, (index) => (marks[index]?.oldest ?? -Infinity) <= createdAt);
      const last = marks.at(-1);
      if (page < marks.length || last === undefined || last.cursor === null) return page;
      // Below what was read the list is taken to be as dense as above.
      const perPageMs = Math.max((newest - last.oldest) / marks.length, 1);
      return marks.length + Math.floor((last.oldest - createdAt) / perPageMs);
    },
    startFor(youngest) {
      const page = firstIndex(marks.length, (index) => (marks[index]?.oldest ?? -Infinity) <= youngest);
      const cursor = marks[page - 1]?.cursor ?? null;
      return cursor === null ? null : { page, cursor };
    },
    note(page, jobs, nextCursor) {
      if (page === 0) {
        marks = [];
        newest = jobs.reduce((most, { createdAt }) => Math.max(most, madeAt(createdAt) ?? -Infinity), -Infinity);
      }
      const above = marks.at(-1)?.oldest ?? Infinity;
      marks.push({ oldest: Math.min(above, oldestOf(jobs)), cursor: nextCursor });
    },
  };
}

function oldestOf(jobs: readonly ListedJob[]): number {
  return jobs.reduce((oldest, { createdAt }) => Math.min(oldest, madeAt(createdAt) ?? -Infinity), Infinity);
}

/** ms since the epoch. */
export function madeAt(createdAt: string | null): number | null {
  const at = createdAt === null ? NaN : Date.parse(createdAt);
  return Number.isNaN(at) ? null : at;
}

/** Of a condition that, once true, stays so. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
