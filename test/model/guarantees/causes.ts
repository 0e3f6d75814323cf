import { type Act, DOUBTFUL_ACTS, type Event } from '../schedule.js';
import type { Seen } from '../seen.js';
import { canLook, fired } from './facts.js';

type Cause = (seen: Seen) => boolean;

/** A worker that shuts down waits for a submit's reply, and the id in a heartbeat outlives the attempt that left it. */
const SAFE: readonly Act[] = ['worker restarts before it', 'worker restarts after it', 'attempt dies unreported'];
const LOSING: readonly Act[] = DOUBTFUL_ACTS.filter((act) => !SAFE.includes(act));

/** What may end an operation in such a failure: one of them must have come about. */
export function causesOf(type: string, operation: string): Cause[] {
  const did =
    (act: Act, own = true): Cause =>
    (seen) =>
      fired(seen, (event) => event.do === act && (!own || event.of === operation));
  const at =
    (is: (event: Event) => boolean): Cause =>
    (seen) =>
      fired(seen, (event) => event.of === operation && is(event));
  switch (type) {
    case 'DocumentAccountRefused':
      return [did('401')];
    case 'DocumentSubmitRejected':
      return [did('400'), did('404'), did('down for thirty calls')];
    case 'DocumentSubmitUnknown':
      return [(seen) => !canLook(seen) && at(({ on, do: what }) => on === 'submit' && LOSING.includes(what))(seen)];
    case 'DocumentJobFailed':
      return [did('job fails'), did('job fails for now'), did('job fails for want of its input')];
    case 'DocumentJobCancelledElsewhere':
      return [did('job is cancelled elsewhere')];
    case 'DocumentJobDeadlineExceeded':
      return [did('job never ends', false), ({ schedule }) => schedule.options.deadline !== undefined];
    case 'DocumentJobLost':
      return [did('job vanishes'), (seen) => operation !== 'extract' && did('input is forgotten', false)(seen)];
    case 'DocumentReferenceExpired':
      return [did('input is forgotten', false), did('404'), did('job fails for want of its input', false)];
    case 'DocumentResultConsumed':
      return [
        ({ schedule, fired: happened }) =>
          schedule.vendorHas.urlResults === true &&
          happened.some(({ on, of }) => of === operation && (on === 'fetch' || on === 'put')),
      ];
    case 'DocumentReplyInvalid':
      return [did('done, but nonsense')];
    case 'DocumentResultStoreRefused':
      return [did('store refuses')];
    default:
      return [];
  }
}
