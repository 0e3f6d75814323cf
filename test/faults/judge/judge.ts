import type { Ending, Run } from '../plan/run.js';
import type { Observed } from './observe.js';
import type { Row, Violation } from './row.js';

/** What a document comes to without faults. */
export type Undisturbed = Map<string, { value: string | null; ms: number }>;

export const keyOf = ({ vendor, operation }: Pick<Run, 'vendor' | 'operation'>): string => `${vendor}/${operation}`;

/** As often a submit may remain unknown before the workflow leaves the decision to its user. */
const MOST_UNKNOWN = 3;

/** A look that was interrupted is made again, and a call that comes again may end one more sleep. */
const READS_PER_STRIKE = 1;
/** Somebody looks for a call that got lost after five minutes: whoever took so long was not woken by the vendor's. */
const CALL_LOST_MS = 300_000;

/** Holds one document to the guarantees. */
export function judge(seen: Observed, undisturbed: Undisturbed): Row {
  const { run, impacts, ended, receipt, jobs, reads, ms } = seen;
  const count = (holds: (job: (typeof receipt)[number]) => boolean): number => receipt.filter(holds).length;
  const isRunning = ({ state }: (typeof jobs)[number]): boolean => !ENDED.has(state);
  const row: Omit<Row, 'violations'> = {
    id: run.id,
    point: run.point,
    vendor: run.vendor,
    operation: run.operation,
    pattern: run.pattern,
    impacts,
    fired: hasFired(run, impacts),
    ended,
    outcomes: receipt.map(({ operation, outcome }) => `${operation} ${outcome}`),
    accepted: jobs.length,
    asked: run.operation === 'parse' ? 1 : 2,
    resubmits: count(({ resubmit }) => resubmit),
    repairs: count(({ repair }) => repair === true),
    unknownSubmits: receipt.reduce((sum, { unknownSubmits = 0 }) => sum + unknownSubmits, 0),
    adopted: count(({ adopted }) => adopted),
    reaped: jobs.filter(({ reaped }) => reaped).length,
    running: jobs.filter(isRunning).length,
    unheardOf: jobs.filter((job) => isRunning(job) && !job.toldTemporal).length,
    reads,
    ms,
  };
  return { ...row, violations: violationsOf(seen, row, undisturbed) };
}

const ENDED = new Set(['Completed', 'Failed', 'Cancelled']);

/** Every round with its acts, and the first one where the point lies: later ones may strike a document on its way. */
function hasFired({ rounds }: Run, impacts: Observed['impacts']): boolean {
  const actsOf = (index: number): number => rounds[index]!.steps.filter(({ act }) => act !== undefined).length;
  const wereDone =
    impacts.length === rounds.length && impacts.every(({ acts }, index) => acts.length === actsOf(index));
  return wereDone && impacts[0]?.state.startsWith('elsewhere') !== true;
}

function violationsOf(seen: Observed, row: Omit<Row, 'violations'>, undisturbed: Undisturbed): Violation[] {
  const { run, missing } = seen;
  const found: Violation[] = [];
  const isWhole = row.ended === 'complete' && seen.value === undisturbed.get(keyOf(run))?.value && missing.length === 0;
  // A result is as good as the failure that the guarantees name in its place.
  const mayBeWhole = ['complete', 'consumed', 'reference expired'].includes(run.ending);
  const isAsExpected = (isWhole && mayBeWhole) || endsAs(run.ending, seen) || isLeftToTheUser(run, row);
  // Without all of its faults a document may complete where it would not have.
  if (!isAsExpected && !(isWhole && !row.fired))
    found.push(run.ending === 'complete' || missing.length > 0 ? 'lost' : 'wrong ending');
  const tooMany = row.accepted - row.asked - row.resubmits - row.repairs;
  if (tooMany > 0 && run.vendor === 'reducto') found.push('paid twice');
  // One label stands for all lives of a workflow before its last reset.
  const resets = seen.impacts.filter(({ acts }) => acts.includes('reset')).length;
  if (tooMany > row.unknownSubmits * Math.max(1, resets) && run.vendor !== 'reducto')
    found.push('unlabelled duplicate');
  // What Temporal was never told can be found in the vendor's list alone, where there is one.
  if (row.running > (run.vendor === 'reducto' ? 0 : row.unheardOf)) found.push('left running');
  // Who waits to be called looks once a job, and once more for each try that a crash interrupts.
  if (run.webhooks && row.reads > row.accepted + READS_PER_STRIKE * run.rounds.length) found.push('too many reads');
  if (run.webhooks && row.ms >= CALL_LOST_MS) found.push('call lost');
  return found;
}

function endsAs(ending: Ending, { ended, receipt, missing }: Observed): boolean {
  switch (ending) {
    case 'complete':
      return false;
    case 'consumed':
      return ended === 'DocumentResultConsumed';
    case 'cancelled':
      return ended === 'Cancelled' && receipt.at(-1)?.outcome === 'cancelled';
    case 'completed anyway': {
      const last = receipt.at(-1);
      return ended === 'Cancelled' && last?.outcome === 'completed_anyway' && !!last.stored && missing.length === 0;
    }
    case 'terminated':
      return ended === 'WorkflowTerminated';
    case 'reference expired':
      return ended === 'DocumentReferenceExpired';
  }
}

/** Where the vendor lists no jobs, a lost reply is labelled, and the user's policy decides. */
function isLeftToTheUser(
  { vendor, onUnknownSubmit }: Run,
  { ended, unknownSubmits }: Omit<Row, 'violations'>,
): boolean {
  const mayFail = onUnknownSubmit === 'fail' || unknownSubmits >= MOST_UNKNOWN;
  return vendor === 'pulse' && mayFail && ended === 'DocumentSubmitUnknown' && unknownSubmits > 0;
}
