import { type Act, CALL_ACTS, type Event, type Schedule } from './schedule.js';
import { endingOf, type Seen } from './seen.js';

const isCall = ({ do: what }: Event): boolean => (CALL_ACTS as readonly Act[]).includes(what);

/** The same without webhooks; null when it has none. */
export function withoutCalls(schedule: Schedule): Schedule | null {
  const { calls, ...vendorHas } = schedule.vendorHas;
  return calls ? { ...schedule, vendorHas, events: schedule.events.filter((event) => !isCall(event)) } : null;
}

/** Each call may end one sleep, and a job whose call got lost is looked at once before it is polled. */
const READS_PER_CALL = 1;

/**
 * Holds a document with webhooks to G8 by the same one without: a webhook changes nothing but latency.
 * @returns null when they can't be compared, because other events came about.
 */
export function callsChangeNothing(seen: Seen, without: Seen): string[] | null {
  if (JSON.stringify(othersOf(seen)) !== JSON.stringify(othersOf(without))) return null;
  const found: string[] = [];
  const [ours, theirs] = [resultOf(seen), resultOf(without)];
  if (ours !== theirs) found.push(`G8: with webhooks ${ours}, without ${theirs}`);
  const most = without.reads + READS_PER_CALL * seen.fired.filter(isCall).length;
  if (seen.reads > most) found.push(`G8: ${seen.reads} reads, at most ${most} were wanted`);
  return found;
}

const othersOf = ({ fired }: Seen): string[] =>
  fired
    .filter((event) => !isCall(event))
    .map((event) => JSON.stringify(event))
    .sort();

/**
 * How it ended, and what it found, less what is each job's own. Where it found nothing, another job of the document may have been done just before
 * the one that failed had it cancelled, or not: that is latency.
 */
function resultOf({ end, receipt }: Seen): string {
  if (end.kind !== 'result') return endingOf(end);
  const outcomes = (receipt?.jobs ?? []).map(({ operation, outcome }) => `${operation} ${outcome}`).sort();
  const { extract, split, failures } = end.result;
  const sections = split?.sections?.map((section) => [section.name, section.pages, section.extract?.data]);
  const failed = failures.map(({ operation, type }) => `${operation} ${type}`).sort();
  return JSON.stringify([endingOf(end), outcomes, extract?.data, sections, failed]);
}
