import { VENDOR_NAMES } from '../../../src/sandbox/index.js';
import { Random } from '../../support/random.js';
import { POINTS, type CrashPoint, type Variant } from './points.js';
import { randomRun } from './random-run.js';
import { OPERATIONS, PATTERNS, type Run } from './run.js';

export interface PlanOptions {
  seed: number;
  runs: number;
}

/** What each crash point gets before there are random schedules. */
export const RUNS_PER_POINT = 48;

/**
 * The same seed gives the same runs: every crash point × vendor × operation × pattern, again and again until each point has its share, then
 * random schedules. Fewer runs than that are spread over all of it.
 */
export function makePlan({ seed, runs }: PlanOptions): Run[] {
  const random = new Random(seed);
  const columns = POINTS.map((point) => runsOf(point, random));
  const matrix = Array.from({ length: RUNS_PER_POINT }, (_, row) => columns.map((column) => column[row]!)).flat();
  const extra = Math.max(0, runs - matrix.length);
  return [...matrix.slice(0, runs), ...Array.from({ length: extra }, (_, index) => randomRun(random, index))];
}

/** Documents that nothing happens to: what the others are measured by. */
export function makeControls(): Run[] {
  return VENDOR_NAMES.flatMap((vendor) =>
    OPERATIONS.map((operation) => ({
      id: `control/${vendor}/${operation}`,
      point: 'control',
      vendor,
      operation,
      pattern: 'once' as const,
      rounds: [],
      ending: 'complete' as const,
      onUnknownSubmit: 'fail' as const,
      singleRead: false,
      webhooks: false,
    })),
  );
}

function runsOf(point: CrashPoint, random: Random): Run[] {
  const combinations = (point.vendors ?? VENDOR_NAMES).flatMap((vendor) =>
    (point.operations ?? OPERATIONS).flatMap((operation) =>
      PATTERNS.map((pattern) => ({ vendor, operation, pattern })),
    ),
  );
  const runs: Run[] = [];
  for (let copy = 0; runs.length < RUNS_PER_POINT; copy++) {
    // The last round is not whole: another part of it each time.
    for (const one of random.shuffle(combinations)) runs.push(runOf(point, one.operation, { ...one, copy }));
  }
  return runs.slice(0, RUNS_PER_POINT);
}

function runOf(point: CrashPoint, operation: Run['operation'], variant: Variant): Run {
  const { vendor, pattern, copy } = variant;
  const rounds = point.rounds(variant);
  return {
    id: [point.name, vendor, operation, pattern, copy].join('/'),
    point: point.name,
    vendor,
    operation,
    pattern,
    rounds,
    ending: point.ending?.(variant) ?? 'complete',
    // One in three of the documents that meet one crash leaves the decision to its user.
    onUnknownSubmit: pattern === 'once' && copy % 3 === 1 ? 'fail' : 'resubmit',
    singleRead: point.singleRead === true,
    webhooks: point.webhooks === true,
  };
}
