import { pollGap } from '../../src/activities/poll-gap.js';
import { planWait } from '../../src/jobs/wait-plan.js';
import type { VendorCall } from '../vendor-log.js';
import { shareOf } from './figures.js';

/** What the vendor saw of the reads of jobs. */
export interface ReadFigures {
  reads: number;
  rateLimited: number;
  /** Most of one job. */
  mostOfOneJob: number;
  /** Most within one second, of one vendor. */
  mostInOneSecond: number;
  /** From an answer to the next read of the same job, ms. */
  shortestGapMs: number;
  shortestGapAfter429Ms: number;
  /** Reads that came before they were allowed. */
  tooEarly: number;
}

/** Timers of Node may be a millisecond early; so may clocks that are read twice. */
const TOLERANCE_MS = 5;

/** @param retryAfterMs what a 429 of a vendor says; 0 = nothing. */
export function readFigures(calls: readonly VendorCall[], retryAfterMs: (vendor: string) => number): ReadFigures {
  const reads = calls.filter(({ kind }) => kind === 'get');
  const jobs = byJob(reads);
  const pairs = jobs.flatMap((own) => own.slice(1).map((next, index) => ({ last: own[index]!, next })));
  const gaps = pairs.map(({ last, next }) => {
    const limited = last.answer === 'rate limited';
    const allowedMs = Math.max(leastGapMs(limited), limited ? retryAfterMs(last.vendor) : 0);
    return { limited, allowedMs, gapMs: next.at - (last.answeredAt ?? last.at) };
  });
  const least = (some: typeof gaps): number => Math.min(...some.map(({ gapMs }) => gapMs));
  return {
    reads: reads.length,
    rateLimited: reads.filter(({ answer }) => answer === 'rate limited').length,
    mostOfOneJob: Math.max(0, ...jobs.map((own) => own.length)),
    mostInOneSecond: Math.max(...['reducto', 'pulse'].map((vendor) => densest(reads, vendor))),
    shortestGapMs: least(gaps),
    shortestGapAfter429Ms: least(gaps.filter(({ limited }) => limited)),
    tooEarly: gaps.filter(({ gapMs, allowedMs }) => gapMs < allowedMs - TOLERANCE_MS).length,
  };
}

/** The shortest rest that the package gives itself between two reads of a job. */
const leastGapMs = (troubled: boolean): number => pollGap({ elapsedMs: 0, troubles: troubled ? 1 : 0, jitter: 0 });

function byJob(reads: readonly VendorCall[]): VendorCall[][] {
  const jobs = new Map<string, VendorCall[]>();
  for (const read of reads) {
    const own = jobs.get(read.jobId ?? '') ?? [];
    own.push(read);
    jobs.set(read.jobId ?? '', own);
  }
  return [...jobs.values()];
}

function densest(reads: readonly VendorCall[], vendor: string): number {
  const times = reads.filter((read) => read.vendor === vendor).map(({ at }) => at);
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
}

export interface CatchUp {
  jobs: number;
  p50Ms: number;
  maxMs: number;
  /** The longest gap that was allowed to any of these jobs. */
  gapMs: number;
  /** Jobs that were asked for later than the gap that they were allowed. */
  late: number;
}

/** A busy machine may be late by so much. */
const SLACK_MS = 3_000;

/** Of the jobs that were under way when a storm ended, and had been looked for in vain: the time to the next look. */
export function catchUp(calls: readonly VendorCall[], end: number): CatchUp {
  const submits = new Map(calls.filter(({ kind }) => kind === 'submit').map(({ jobId, at }) => [jobId, at]));
  const waits = byJob(calls.filter(({ kind }) => kind === 'get')).flatMap((own) => {
    const next = own.find(({ at }) => at >= end);
    const last = own.filter(({ at }) => at < end).at(-1);
    if (next === undefined || last === undefined || last.answer === 'good') return [];
    return [{ ms: next.at - end, gapMs: longestGapMs(last.at - (submits.get(last.jobId) ?? last.at)) }];
  });
  const sorted = waits.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    jobs: waits.length,
    p50Ms: shareOf(sorted, 0.5),
    maxMs: shareOf(sorted, 1),
    gapMs: Math.max(0, ...waits.map(({ gapMs }) => gapMs)),
    late: waits.filter(({ ms, gapMs }) => ms > gapMs + SLACK_MS).length,
  };
}

/** What may lie between two reads of a job of that age: the longest back-off in a poll window, or the durable sleep after it. */
function longestGapMs(ageMs: number): number {
  const inWindow = pollGap({ elapsedMs: ageMs, troubles: Infinity, jitter: 1 });
  const facts = { elapsedMs: ageMs, expectedMs: null, first: false, maxWindowMs: 1, remainingMs: Infinity, jitter: 1 };
  return Math.max(inWindow, planWait(facts).sleepMs);
}
