/** What the way of reading is chosen by. Arithmetic only: whose list it is does not matter. */
export interface ReadFacts {
  /** Live waits by the list page on which their job is believed to be, counted from where a sweep would begin. */
  waitsByPage: readonly number[];
  /** Whether an earlier sweep has shown where jobs are; else they may be anywhere further down. */
  placesKnown: boolean;
  /** Reads a second that these waits would make one by one. */
  demand: number;
  /** What this worker may make a second of each; Infinity where nothing limits it. */
  readsPerSecond: number;
  pagesPerSecond: number;
  /** How long one page took of late. */
  pageMs: number;
  /** Whether sweeps are made now: a way that was chosen is left only when it is clearly the worse one. */
  sweeping: boolean;
}

export type ReadPlan =
  | { kind: 'single' }
  /** Up to so many pages, from one sweep's beginning to the next one's. */
  | { kind: 'sweep'; pages: number; periodMs: number };

/** A sweep pays while each of its pages answers at least so many waits: the same load then tells at least twice as soon. */
export const WAITS_A_PAGE = 4;
const WAITS_A_PAGE_TO_STAY = 2;
/** One has nobody to share with. */
const LEAST_WAITS = 2;
/** Beyond this a list is no place to look for anything. */
const MAX_PAGES = 200;
/** More pages than the places say: the list has grown since. A sweep ends earlier when it has seen all. */
const SLACK_PAGES = 2;

/** No job's end is worth more than one look at the list in this time; … */
const MIN_PERIOD_MS = 1_500;
/** … those of long jobs, which are read this much more seldom by themselves, … */
const PERIOD_SHARE = 1 / 6;
/** … in this time. */
const LONG_JOBS_PERIOD_MS = 2_500;
/** A deep sweep comes less often. */
const PERIOD_MS_A_PAGE = 100;
/** A page weighs as much as so many reads: sweeps are never a greater load than the reads that they replace. */
const READS_A_PAGE = 2;
/** What sweeps may take of the account's list calls; looks for lost submits need them too. */
const LIST_SHARE = 0.5;
/** Between sweeps the list has rest. */
const MOST_BUSY = 0.8;

/** How the waits of one account learn that their jobs have ended: each by reads of its own, or all by sweeps of the list. */
export function chooseReads(facts: ReadFacts): ReadPlan {
  const { waitsByPage, readsPerSecond, demand, placesKnown, sweeping } = facts;
  // Single reads that can't all be made in time cost more than their number.
  const overload = demand > readsPerSecond ? WAITS_A_PAGE : 1;
  const leastWaits = (sweeping ? WAITS_A_PAGE_TO_STAY : WAITS_A_PAGE) / overload;
  const { pages, waits } = bestDepth(waitsByPage, WAITS_A_PAGE / overload);
  if (waits < Math.max(leastWaits * pages, LEAST_WAITS)) return { kind: 'single' };
  const covered = (demand * waits) / sum(waitsByPage);
  const gapMs = (1_000 * waits) / covered;
  const periodMs = periodOf(pages, covered, gapMs, facts);
  const singleGapMs = Math.max(gapMs, (1_000 * waits) / readsPerSecond);
  if (periodMs > Math.max(singleGapMs, 2 * MIN_PERIOD_MS)) return { kind: 'single' };
  const deepest = placesKnown ? pages + SLACK_PAGES : Math.floor(waits / leastWaits);
  return { kind: 'sweep', pages: Math.min(Math.max(deepest, pages), MAX_PAGES), periodMs: Math.round(periodMs) };
}

/** The number of pages at which a sweep gains most: what lies deeper would make every sweep dearer than it is worth. */
function bestDepth(waitsByPage: readonly number[], leastWaits: number): { pages: number; waits: number } {
  let best = { pages: 0, waits: 0, gain: -Infinity };
  let waits = 0;
  for (const [page, here] of waitsByPage.slice(0, MAX_PAGES).entries()) {
    waits += here;
    const pages = page + 1;
    const gain = waits - leastWaits * pages;
    if (here > 0 && gain > best.gain) best = { pages, waits, gain };
  }
  return best;
}

function periodOf(pages: number, demand: number, gapMs: number, { pagesPerSecond, pageMs }: ReadFacts): number {
  return Math.max(
    MIN_PERIOD_MS,
    Math.min(gapMs * PERIOD_SHARE, LONG_JOBS_PERIOD_MS),
    PERIOD_MS_A_PAGE * pages,
    (1_000 * READS_A_PAGE * pages) / demand,
    (1_000 * pages) / (pagesPerSecond * LIST_SHARE),
    (pageMs * pages) / MOST_BUSY,
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
