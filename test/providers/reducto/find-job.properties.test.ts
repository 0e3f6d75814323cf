import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { JsonObject } from '../../../src/jobs/json.js';
import { createAcceptedJobs } from '../../../src/providers/reducto/accepted-jobs.js';
import { findJob, type ListShows } from '../../../src/providers/reducto/find-job.js';
import { REDUCTO_OPERATIONS, type ReductoOperation } from '../../../src/providers/reducto/operations.js';
import type { ListedJob } from '../../../src/providers/reducto/schemas.js';
import { VendorError } from '../../../src/providers/vendor-error.js';
import { expect, RUNS } from '../../support/properties.js';
import { wanted } from './wanted.js';

const SINCE = Date.parse('2026-11-24T10:00:00Z');
const MINUTE = 60_000;
/** What of a job's configuration the vendor's list shows. */
const VIEWS = ['metadata', 'config', 'nothing', 'some'] as const;
type View = (typeof VIEWS)[number];

const markerOf = (number: number): string => String(number).padStart(64, '0');
/** The submit of a client that is not this package. */
const FOREIGN = 4;
const bodyOf = ({ marker, input, model }: Pick<Made, 'marker' | 'input' | 'model'>): JsonObject => ({
  input: `https://h/${input}.pdf`,
  settings: { model: `m${model}` },
  async: { metadata: marker === FOREIGN ? { mine: 1 } : { documentJobs: { marker: markerOf(marker) } } },
});

const operation = fc.constantFrom<ReductoOperation>('parse', 'extract', 'classify');
const alive = fc.constantFrom('Pending', 'InProgress', 'Completed', 'Whatever', null);
const dead = fc.constantFrom('Failed', 'Cancelled', 'canceled');
const job = fc.record({
  /** Which submit's it is; 0 is ours. */
  marker: fc.integer({ min: 1, max: FOREIGN }),
  input: fc.nat(1),
  model: fc.nat(1),
  status: fc.oneof(alive, alive, dead),
  operation,
  createdMs: fc.oneof(fc.nat(MINUTE), fc.integer({ min: -60 * MINUTE, max: 60 * MINUTE })),
  isShown: fc.boolean(),
});
type Made = typeof job extends fc.Arbitrary<infer J> ? J : never;
const ours = fc
  .tuple(job, alive, fc.nat(10 * MINUTE))
  .map(([made, status, createdMs]) => ({ ...made, status, createdMs, marker: 0, input: 0, model: 0 }));

function listed(made: Made, jobId: string, view: View): ListedJob {
  const { async: metadata, ...plain } = bodyOf(made);
  const isShown = view === 'some' ? made.isShown : view !== 'nothing';
  const config = view === 'config' ? plain : { ...plain, async: metadata };
  return {
    job_id: jobId,
    status: made.status,
    type: REDUCTO_OPERATIONS[made.operation].type,
    created_at: new Date(SINCE + made.createdMs).toISOString(),
    raw_config: isShown ? JSON.stringify(config) : '',
  };
}

interface Given {
  /** Default: that of ours, or parse. */
  operation?: ReductoOperation;
  ours: Made[];
  others: Made[];
  view: View;
  listShows: ListShows;
  isWhole?: boolean;
  notThese?: string[];
  /** Others' jobs that this process knows of. */
  known?: string[];
}

/** Looks for submit 0's job; jobs of ours are called `ours-…`, others' `other-…`. */
function look(given: Given, arrange = (jobs: ListedJob[]): ListedJob[] => jobs): string {
  const { view, listShows, isWhole = true, notThese = [], known = [] } = given;
  const mine = given.ours.map((made, index) => listed(made, `ours-${index}`, view));
  const theirs = given.others.map((made, index) => listed(made, `other-${index}`, view));
  const accepted = createAcceptedJobs();
  given.others.forEach((made, index) => {
    if (known.includes(`other-${index}`)) accepted.add(`other-${index}`, markerOf(made.marker), bodyOf(made));
  });
  const what = given.operation ?? given.ours[0]?.operation ?? 'parse';
  const since = new Date(SINCE).toISOString();
  try {
    const found = findJob({
      wanted: wanted(what, since, { markers: [markerOf(0)], notThese }),
      body: bodyOf({ marker: 0, input: 0, model: 0 }),
      sweep: { listed: arrange([...mine, ...theirs]), isWhole },
      listShows,
      accepted,
    });
    return found === null ? 'absent' : found === 'unsupported' ? found : found.jobId;
  } catch (error) {
    if (error instanceof VendorError && error.kind === 'ambiguous') return 'ambiguous';
    throw error;
  }
}

const view = fc.constantFrom(...VIEWS);
const others = fc.array(job, { maxLength: 5 });
const known = fc.subarray(['other-0', 'other-1', 'other-2']);
/** A configuration of the account that is true of its list, or left to be learned. */
const account = fc.tuple(view, fc.boolean()).map(([shown, isLearned]): Pick<Given, 'view' | 'listShows'> => {
  const told = shown === 'some' ? 'nothing' : shown;
  return { view: shown, listShows: isLearned ? 'learn' : told };
});

describe('findJob', () => {
  it('never takes a job for absent that is there and alive', () => {
    fc.assert(
      fc.property(ours, others, account, known, (mine, rest, list, accepted) => {
        const found = look({ ours: [mine], others: rest, known: accepted, ...list });
        expect(found).not.toBe('absent');
        if (list.view === 'metadata') expect(found).toBe('ours-0');
      }),
      RUNS,
    );
  });

  it('nor one of a type that the vendor has a new word for', () => {
    const newType = fc.constantFrom('ParseV4', 'parse_async', 'Document');
    fc.assert(
      fc.property(ours, others, account, newType, (mine, rest, list, type) => {
        const renamed = (job: ListedJob): ListedJob => (job.job_id === 'ours-0' ? { ...job, type } : job);
        const found = look({ ours: [mine], others: rest, ...list }, (jobs) => jobs.map(renamed));
        expect(found).not.toBe('absent');
      }),
      RUNS,
    );
  });

  it('never takes up a job that is dead, too old, of another kind, or known to be another’s', () => {
    const notThese = fc.subarray(['other-0', 'other-3']);
    fc.assert(
      fc.property(operation, others, account, known, notThese, (what, rest, list, accepted, not) => {
        const given = { operation: what, ours: [], others: rest, known: accepted, notThese: not, ...list };
        const found = look(given);
        const taken = rest[Number(/^other-(\d)$/.exec(found)?.[1] ?? NaN)];
        if (taken === undefined) return;
        expect([...accepted, ...not]).not.toContain(found);
        expect(['Failed', 'Cancelled', 'canceled']).not.toContain(taken.status);
        expect(taken).toMatchObject({ operation: what, input: 0, model: 0 });
        expect(taken.createdMs).toBeGreaterThanOrEqual(-MINUTE);
      }),
      RUNS,
    );
  });

  it('never takes up a job that is shown with another’s marker', () => {
    const shown = fc.constantFrom<View>('metadata', 'some');
    const told = fc.constantFrom<ListShows>('learn', 'config');
    fc.assert(
      fc.property(operation, others, shown, told, known, (what, rest, list, listShows, accepted) => {
        const made = rest.map((one) => ({ ...one, operation: what }));
        const found = look({ operation: what, ours: [], others: made, known: accepted, view: list, listShows });
        const taken = made[Number(/^other-(\d)$/.exec(found)?.[1] ?? NaN)];
        expect([FOREIGN, undefined]).toContain(taken?.marker);
      }),
      RUNS,
    );
  });

  it('guesses at none of two that have our marker, or our configuration where that is all there is', () => {
    fc.assert(
      fc.property(ours, ours, others, (one, two, rest) => {
        const pair = [one, { ...two, operation: one.operation }];
        expect(look({ ours: pair, others: rest, view: 'metadata', listShows: 'metadata' })).toBe('ambiguous');
        const answer = look({ ours: pair, others: rest, view: 'config', listShows: 'config' });
        expect(['ambiguous', 'unsupported']).toContain(answer);
      }),
      RUNS,
    );
  });

  it('gives the same answer whatever the order of the list', () => {
    fc.assert(
      fc.property(fc.option(ours), others, account, known, fc.nat(5), (mine, rest, list, accepted, turn) => {
        const given = { ours: mine === null ? [] : [mine], others: rest, known: accepted, ...list };
        const turned = look(given, (jobs) => [...jobs.slice(turn), ...jobs.slice(0, turn)].reverse());
        expect(turned).toBe(look(given));
      }),
      RUNS,
    );
  });

  it('is not misled by others’ jobs once our marker is seen, nor sure of absence in half a list', () => {
    fc.assert(
      fc.property(ours, others, others, account, (mine, rest, more, list) => {
        const given = { ours: [{ ...mine, isShown: true }], others: rest, ...list };
        const isSeen = list.view === 'metadata' || list.view === 'some';
        if (isSeen) expect(look({ ...given, others: [...rest, ...more] })).toBe('ours-0');
        expect(look({ ...given, ours: [], isWhole: false })).toBe('unsupported');
      }),
      RUNS,
    );
  });
});
