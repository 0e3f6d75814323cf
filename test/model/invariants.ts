import { DOWN_CALLS } from './acts.js';
import { DATA, TEXT } from './document.js';
import { endsTyped } from './guarantees/ends-typed.js';
import { nothingLeftRunning } from './guarantees/nothing-left-running.js';
import { paidOnce } from './guarantees/paid-once.js';
import { resultsKept } from './guarantees/results-kept.js';
import { operationsOf } from './schedule.js';
import type { Seen } from './seen.js';
import { KEY } from './world.js';

/** Holds what was seen of a document to the design's guarantees G1 to G6. @returns what does not hold, in words. */
export function violations(seen: Seen): string[] {
  return [
    ...paidOnce(seen),
    ...resultsKept(seen),
    ...nothingLeftRunning(seen),
    ...costsLittle(seen),
    ...tellsNothing(seen),
    ...endsTyped(seen),
  ];
}

/** For each job: a submit, a sleep and a look, of some events each. */
const JOB_EVENTS = 20;
/** For each thing that goes wrong: another look, or another try. */
const TROUBLE_EVENTS = 20;
const LOOK_EVENTS = 11;

/** G4: waiting costs a flat number of events. A job that never ends is looked at ever more seldom until its deadline. */
function costsLittle({ schedule, events, fired, jobs, submits }: Seen): string[] {
  const endless = fired.filter((event) => event.do === 'job never ends').length;
  const storms = fired.filter((event) => event.do === 'down for thirty calls').length;
  const looks = endless * (schedule.options.deadline === undefined ? 60 : 45) + storms * DOWN_CALLS;
  const tries = Math.max(jobs.length, submits.length, operationsOf(schedule).length);
  const most = 10 + JOB_EVENTS * tries + TROUBLE_EVENTS * fired.length + LOOK_EVENTS * looks;
  return events > most ? [`G4: ${events} events, more than ${most}`] : [];
}

/** G5: no secret, and no text of the document, where Temporal keeps things; no value either where none was to travel. */
function tellsNothing({ told, schedule }: Seen): string[] {
  const never = [KEY, TEXT, 'X-Amz-Signature', 'large_results'];
  const words = schedule.options.results === 'stored' ? [...never, DATA.invoice_number] : never;
  return words.filter((word) => told.includes(word)).map((word) => `G5: "${word}" is in the history`);
}
