import type { Provider } from '../../providers/provider.js';
import { VendorError } from '../../providers/vendor-error.js';
import type { Clock } from '../clock.js';
import { recordRead } from '../metrics.js';
import { chooseReads, type ReadPlan, WAITS_A_PAGE } from './choose-reads.js';
import { afterTrouble, HEALTHY, type ListHealth, MOST_TROUBLES } from './list-health.js';
import { createListPlaces } from './list-places.js';
import { createCursorTrust } from './cursor-trust.js';
import type { ReadRates } from './shared-reader.js';
import { sweepList, type SweepPlan } from './sweep.js';
import { demandOf, isExpected, type Sweeps, type Wait } from './wait.js';

/** The window that opened last: its provider and its meter serve for all. */
interface Joined {
  wait: Wait;
  /** Windows open now. */
  size: number;
  provider: Provider;
  rates: () => ReadRates;
}

/** Sweeps an account's list again and again, while that pays. */
export interface ListSweeper {
  readonly sweeps: Sweeps;
  /** A window has opened. */
  joined(joined: Joined): void;
  /** No window is open any more. */
  stop(): void;
}

/** Windows that open together, as after a restart, wait to be counted together: the first sweep goes as deep as all of them are worth. */
const GATHER_MS = 100;
/** While sweeps don't pay, it is thought about so often whether they do by now. */
const THINK_MS = 1_000;
/** A wait believes a sweep for so many periods, … */
const PATIENCE_PERIODS = 3;
/** … or so long. */
const PATIENCE_MS = 5_000;
const LEAST_REST_MS = 250;
/** Pages beyond this are all the same: nobody reads so deep. */
const DEEPEST = 1_000;
/** How much a page's time tells of the next one's. */
const DRIFT = 0.2;

export function createListSweeper(clock: Clock, waits: ReadonlyMap<string, ReadonlySet<Wait>>): ListSweeper {
  const sweeps: Sweeps = { on: false, patienceMs: PATIENCE_MS };
  const places = createListPlaces();
  const cursors = createCursorTrust();
  let health: ListHealth = HEALTHY;
  let pageMs = 0;
  let latest: Joined | null = null;
  let running: AbortController | null = null;

  const expected = (): Set<Wait> => new Set([...waits.values()].flatMap((same) => [...same].filter(isExpected)));

  function choose(wanted: ReadonlySet<Wait>, firstPage: number, now: number, { rates }: Joined): ReadPlan {
    const waitsByPage: number[] = [];
    let demand = 0;
    for (const wait of wanted) {
      const page = Math.min(Math.max(0, (wait.page ?? places.pageOf(wait.madeAt)) - firstPage), DEEPEST);
      waitsByPage[page] = (waitsByPage[page] ?? 0) + 1;
      demand += demandOf(wait, now);
    }
    const { read: readsPerSecond, list: pagesPerSecond } = rates();
    const filled = Array.from(waitsByPage, (count) => count ?? 0);
    const rest = { placesKnown: places.known, demand, readsPerSecond, pagesPerSecond, pageMs, sweeping: sweeps.on };
    return chooseReads({ waitsByPage: filled, ...rest });
  }

  /** From a page behind which all that is wanted lies, where there is one; now and then from the top, to see what has changed. */
  function plan(wanted: ReadonlySet<Wait>, now: number, joined: Joined) {
    const newest = [...wanted].reduce((most, wait) => Math.max(most, wait.newestMadeAt), -Infinity);
    const start = cursors.mayUse(now) ? places.startFor(newest) : null;
    const chosen = choose(wanted, start?.page ?? 0, now, joined);
    if (start === null || !cursors.isTopDue(now)) return { start, chosen };
    const fromTop = choose(wanted, 0, now, joined);
    return fromTop.kind === 'sweep' ? { start: null, chosen: fromTop } : { start, chosen };
  }

  async function sweepOnce(joined: Joined, wanted: ReadonlySet<Wait>, what: SweepPlan, now: number): Promise<void> {
    const { provider, wait } = joined;
    const list = provider.listJobs?.bind(provider);
    if (list === undefined) return;
    const isTop = what.start === null;
    let pages = 0;
    try {
      const { ended } = await sweepList(
        list,
        what,
        wanted,
        (id) => waits.get(id) ?? [],
        () => clock.elapsed(),
        {
          reading: () => recordRead(wait.context, wait.job, 'sweep_page'),
          read(page, jobs, nextCursor, ms) {
            pages += 1;
            pageMs = pageMs === 0 ? ms : pageMs + DRIFT * (ms - pageMs);
            if (isTop) places.note(page, jobs, nextCursor);
          },
        },
      );
      health = HEALTHY;
      cursors.swept(isTop, ended, now);
    } catch (error) {
      what.signal.throwIfAborted();
      if (!(error instanceof VendorError)) throw error;
      const isCursorRefused = error.kind === 'rejected' && !isTop && pages === 0;
      if (isCursorRefused) cursors.refused(now);
      else health = afterTrouble(health, error, pages > 0, await clock.elapsed());
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    await clock.sleep(GATHER_MS, signal);
    for (let joined = latest; joined !== null; joined = latest) {
      const now = await clock.elapsed();
      if (health.restUntil > now) {
        sweeps.on &&= health.troubles <= MOST_TROUBLES;
        await clock.sleep(health.restUntil - now, signal);
        continue;
      }
      const wanted = expected();
      const { start, chosen } = plan(wanted, now, joined);
      if (chosen.kind === 'single') {
        sweeps.on = false;
        if (wanted.size < WAITS_A_PAGE) return;
        await clock.sleep(THINK_MS, signal);
        continue;
      }
      sweeps.on ||= health.troubles <= MOST_TROUBLES;
      sweeps.patienceMs = Math.max(PATIENCE_PERIODS * chosen.periodMs, PATIENCE_MS);
      await sweepOnce(joined, wanted, { start, pages: chosen.pages, signal }, now);
      // Others may sweep by now.
      signal.throwIfAborted();
      sweeps.on = health.troubles <= MOST_TROUBLES;
      const spentMs = (await clock.elapsed()) - now;
      await clock.sleep(Math.max(chosen.periodMs - spentMs, LEAST_REST_MS), signal);
    }
  }

  return {
    sweeps,
    joined(joined) {
      latest = joined;
      if (running !== null || joined.size < WAITS_A_PAGE || joined.provider.listJobs === undefined) return;
      const own = new AbortController();
      running = own;
      if (health.troubles <= MOST_TROUBLES) {
        sweeps.on = true;
        sweeps.patienceMs = 2 * GATHER_MS;
      }
      // What is wrong with a sweep is nobody's failure: each window can read by itself.
      const ended = (): void => {
        if (running !== own) return;
        running = null;
        sweeps.on = false;
      };
      void run(own.signal).then(ended, ended);
    },
    stop() {
      latest = null;
      sweeps.on = false;
      running?.abort();
      running = null;
    },
  };
}
