import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchResult } from '../bench-result.js';
import type { Fleet } from './fleet.js';
import { type Figures, lagAt, measureFleet } from './measure.js';
import type { Strategy, VendorFigures } from './messages.js';

const SECOND = 1_000;
/** The vendor's published limit, which its provider knows; and what is left of it for a while. */
const CAP = 200;
const CUT = CAP / 10;
const CUT_MS = 60 * SECOND;
const STARTS_A_SECOND = 25;
/** Jobs last so long that all documents are in flight at once. */
const msOf = (documents: number): number => Math.max(60 * SECOND, documents * 60);
/** Windows are open then for what was started first. */
const CUT_AT_SHARE = 0.9;
/** After the cut is over the account's pace is found anew; refusals of that time are no steady state's. */
const FINDING_MS = 45 * SECOND;
const BY: readonly Strategy[] = ['ours', 'ours, single reads'];

interface Told {
  /** 429s before the cut, but for the first second of reading. */
  steady: number;
  /** From the cut until the pace has been found again. */
  cut: number;
  /** After that. */
  later: number;
}

/** A vendor that refuses more than 200 reads a second, and a tenth of that for a minute. */
export async function quota(documents: number): Promise<BenchResult> {
  const rows: object[] = [];
  const broken: string[] = [];
  for (const strategy of BY) {
    console.error(`${strategy}, ${documents} documents …`);
    const { figures, told } = await measured(strategy, documents);
    rows.push(rowOf(strategy, documents, figures, told));
    const lost = documents - figures.completed;
    if (told.steady > 0) broken.push(`${strategy}: ${told.steady} 429s in steady state`);
    if (lost > 0) broken.push(`${strategy}: ${lost} documents did not complete`);
    if (figures.paidTwice > 0) broken.push(`${strategy}: ${figures.paidTwice} paid twice`);
  }
  const jobs = `jobs of ${msOf(documents) / SECOND} s, ${STARTS_A_SECOND} starts a second`;
  return {
    rows,
    broken,
    notes: [
      `${jobs}; ${CAP} reads a second, from ${CUT_AT_SHARE * 100} % of the first job on ${CUT} for ${CUT_MS / SECOND} s`,
      'steady: before the cut, but for the first second of reading; the cut: until 45 s after its end',
      'single reads: nothing is shared, each wait reads its own job, so that the governor alone holds the quota',
    ],
  };
}

async function measured(strategy: Strategy, documents: number): Promise<{ figures: Figures; told: Told }> {
  const jobMs = msOf(documents);
  const cut = { from: 0, to: 0 };
  let after: Promise<VendorFigures> | undefined;
  const meanwhile = async (fleet: Fleet): Promise<void> => {
    await sleep(Math.max(0, jobMs * CUT_AT_SHARE - (documents / STARTS_A_SECOND) * SECOND));
    cut.from = Date.now();
    await fleet.cap(CUT);
    await sleep(CUT_MS);
    await fleet.cap(CAP);
    cut.to = Date.now() + FINDING_MS;
    after = endOf(fleet);
    await after;
  };
  const vendor = { readsPerSecond: CAP };
  const wanted = { strategy, documents, jobMs, startsPerSecond: STARTS_A_SECOND, vendor };
  const figures = await measureFleet({ ...wanted, meanwhile });
  const told = toldBy(await after, cut);
  return { figures, told };
}

/** The vendor's figures when no job runs any more and all were read. */
async function endOf(fleet: Fleet): Promise<VendorFigures> {
  for (;;) {
    const { count } = await fleet.client.workflow.count(`ExecutionStatus = 'Running'`);
    if (count === 0) return fleet.vendor();
    await sleep(2 * SECOND);
  }
}

function toldBy(vendor: VendorFigures | undefined, cut: { from: number; to: number }): Told {
  const told: Told = { steady: 0, cut: 0, later: 0 };
  const { firstReadAt = 0, refusedBySecond = [] } = vendor ?? {};
  for (const [second, count] of refusedBySecond) {
    const at = second * SECOND;
    if (at < firstReadAt + SECOND) continue;
    // The second in which the cap was cut is the cut's.
    if (at + SECOND <= cut.from) told.steady += count;
    else if (at <= cut.to) told.cut += count;
    else told.later += count;
  }
  return told;
}

const rowOf = (strategy: Strategy, documents: number, figures: Figures, told: Told): object => ({
  reads: strategy === 'ours' ? 'shared' : 'single',
  'in flight': documents,
  '429s, steady': told.steady,
  'by the cut': told.cut,
  later: told.later,
  completed: figures.completed,
  'reads + lists a document': round(figures.requests),
  'lag p50 s': lagAt(figures, 0.5) / SECOND,
  p99: lagAt(figures, 0.99) / SECOND,
});

const round = (value: number): number => Math.round(value * 100) / 100;
