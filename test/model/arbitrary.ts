import fc from 'fast-check';
import { defined } from '../../src/jobs/defined.js';
import {
  type Act,
  ASKS,
  CALL_ACTS,
  CANCEL_ACTS,
  type CallKind,
  DOUBTFUL_ACTS,
  type Event,
  JOB_ACTS,
  operationsOf,
  REUSE_ACTS,
  type Schedule,
  type ScheduleOptions,
  STORE_ACTS,
  SUBMIT_ACTS,
  USER_ACTS,
  type VendorTraits,
  WIRE_ACTS,
  WORKER_ACTS,
} from './schedule.js';

const MOST_STORIES = 5;
const MOST_CALLS = 4;

const ON_SUBMIT = CALL_ACTS.filter((act) => act !== 'vendor calls late');
const ON_LOOK = CALL_ACTS.filter((act) => act !== 'vendor calls before the reply');

const HELD = ['user cancels before it', 'user cancels after it'] as const;

/** Acts that a call of a kind may meet. */
const ACTS: Record<CallKind, readonly Act[]> = {
  submit: [...WIRE_ACTS, ...WORKER_ACTS, ...USER_ACTS, ...SUBMIT_ACTS],
  get: [...WIRE_ACTS, ...WORKER_ACTS, ...USER_ACTS, ...JOB_ACTS, ...JOB_ACTS],
  list: [...WIRE_ACTS, ...WORKER_ACTS, ...HELD],
  cancel: [...WIRE_ACTS, ...WORKER_ACTS, ...CANCEL_ACTS, ...CANCEL_ACTS],
  fetch: [...WIRE_ACTS, ...WORKER_ACTS, ...HELD],
  put: [...STORE_ACTS, ...STORE_ACTS, ...WORKER_ACTS, ...HELD],
};

const optional = <T>(value: fc.Arbitrary<T>, freq: number): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq });

/** One in four. */
const seldom = <T>(value: T, other = value): fc.Arbitrary<T | undefined> =>
  fc.constantFrom(undefined, undefined, undefined, undefined, undefined, undefined, value, other);

/** The fields that came out as something. */
const chosen = <T extends object>(fields: { [K in keyof T]-?: fc.Arbitrary<T[K] | undefined> }): fc.Arbitrary<T> =>
  fc.record(fields as Record<string, fc.Arbitrary<unknown>>).map((all) => defined(all) as T);

const options = chosen<ScheduleOptions>({
  onUnknownSubmit: seldom('resubmit' as const),
  repair: seldom('never' as const),
  onFailure: seldom('cancel' as const),
  onRefusedKey: seldom<'wait' | 'fail'>('wait', 'fail'),
  results: seldom<'inline' | 'stored'>('inline', 'stored'),
  maxResubmits: seldom(0, 2),
  deadline: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, '1h', '1h', '5m'),
  window: seldom('2m' as const),
});

const vendorHas = chosen<Omit<VendorTraits, 'calls'>>({
  listLagMs: fc.constantFrom(undefined, 900, 4_900),
  hidesMetadata: seldom(true as const),
  urlResults: fc.constantFrom(undefined, true as const),
});

/** `it` = the operation that the story is about. */
type Draft = Omit<Event, 'of'> & { of: 'it' | 'parse' };

function draft(
  on: CallKind,
  acts: readonly Act[],
  nth: readonly [number, ...number[]],
  of: Draft['of'] = 'it',
): fc.Arbitrary<Draft> {
  return fc.record({
    on: fc.constant(on),
    of: fc.constant(of),
    nth: fc.constantFrom(...nth),
    do: fc.constantFrom(...acts),
  });
}

const any = (on: CallKind): fc.Arbitrary<Draft> => draft(on, ACTS[on], [1, 1, 1, 1, 2, 2, 3]);
const first = (on: CallKind, acts: readonly Act[]): fc.Arbitrary<Draft> => draft(on, acts, [1]);
const rarely = (part: fc.Arbitrary<Draft>): fc.Arbitrary<Draft | undefined> => optional(part, 1);

/** Each of the parts, as a rule: one that is not needed shrinks away. */
function told(...parts: fc.Arbitrary<Draft | undefined>[]): fc.Arbitrary<Draft[]> {
  const events = fc.tuple(...parts.map((part) => optional(part, 9)));
  return events.map((some) => some.filter((one) => one !== undefined));
}

const userCancels = fc.oneof(first('submit', USER_ACTS), first('get', USER_ACTS), first('put', HELD));
const repairing = fc.oneof(draft('submit', ACTS.submit, [2], 'parse'), draft('get', ACTS.get, [2], 'parse'));

/** Events that belong together: one of them alone may never come about. */
const story = fc.record({
  about: fc.nat(2),
  events: fc.oneof(
    { weight: 5, arbitrary: told(any('submit')) },
    { weight: 5, arbitrary: told(any('get')) },
    { weight: 2, arbitrary: told(any('put')) },
    { weight: 3, arbitrary: told(userCancels, any('cancel'), rarely(any('get'))) },
    { weight: 2, arbitrary: told(first('get', ['job runs on']), draft('get', ACTS.get, [2])) },
    { weight: 4, arbitrary: told(first('submit', DOUBTFUL_ACTS), any('list'), rarely(any('list'))) },
    { weight: 3, arbitrary: told(any('fetch'), rarely(any('put'))) },
    { weight: 3, arbitrary: told(draft('submit', REUSE_ACTS, [1, 1, 2]), repairing) },
  ),
});

/** Calls of a vendor that has webhooks, and of others. */
const calling = fc.array(
  fc.record({
    about: fc.nat(2),
    event: fc.oneof(
      { weight: 4, arbitrary: draft('submit', ON_SUBMIT, [1, 1, 1, 2]) },
      { weight: 2, arbitrary: draft('get', ON_LOOK, [1, 1, 1, 2]) },
      { weight: 1, arbitrary: draft('put', ON_LOOK, [1]) },
    ),
  }),
  { maxLength: MOST_CALLS, size: 'max' },
);

interface Told {
  about: number;
  events: Draft[];
}

/** Documents and what happens to them. Shrinks towards a parse at the first vendor, with default options, to which nothing happens. */
export const schedules: fc.Arbitrary<Schedule> = fc
  .record({
    vendor: fc.constantFrom<Schedule['vendor']>('reducto', 'pulse'),
    asks: fc.constantFrom(...ASKS),
    options,
    vendorHas,
    stories: fc.array(story, { maxLength: MOST_STORIES, size: 'max' }),
    // Every other schedule: all that happens to a document may happen with webhooks, too.
    calling: optional(calling, 2),
  })
  .map(({ stories, calling: calls, vendorHas: traits, ...schedule }) =>
    calls === undefined
      ? fitting({ ...schedule, vendorHas: traits }, stories)
      : fitting({ ...schedule, vendorHas: { ...traits, calls: true } }, [
          ...stories,
          ...calls.map(({ about, event }) => ({ about, events: [event] })),
        ]),
  );

/** Without what can't come about. Nothing depends on a choice made before, so that all of them shrink by themselves. */
function fitting({ vendor, asks, options, vendorHas }: Omit<Schedule, 'events'>, stories: Told[]): Schedule {
  const { urlResults, calls } = vendorHas;
  const operations = operationsOf({ asks });
  const events = new Map<string, Event>();
  for (const { about, events: drafts } of stories) {
    const it = operations[about % operations.length] ?? 'parse';
    for (const { on, of, nth, do: what } of drafts) {
      const event: Event = { on, of: of === 'it' ? it : of, nth, do: what };
      if (canHappen(event, vendor, urlResults)) events.set(JSON.stringify(event), event);
    }
  }
  // Sections must be inline to be extracted one by one.
  const { results, ...others } = options;
  const wantsInline = asks === 'split, then extract each' && results === 'stored';
  return {
    vendor,
    asks,
    options: wantsInline ? others : options,
    vendorHas: vendor === 'reducto' ? vendorHas : defined({ urlResults, calls }),
    events: [...events.values()],
  };
}

function canHappen({ on, of, do: what }: Event, vendor: Schedule['vendor'], urlResults: true | undefined): boolean {
  if (on === 'list') return vendor === 'reducto';
  if (on === 'fetch') return vendor === 'pulse' && urlResults === true;
  return of !== 'parse' || !(REUSE_ACTS as readonly Act[]).includes(what);
}
