import type { Act } from '../schedule.js';
import type { Seen } from '../seen.js';
import { failuresOf, fired, receiptsOf, wasCancelled } from './facts.js';

/** G3: no job is left running, and none is cancelled that nobody wanted cancelled. */
export function nothingLeftRunning(seen: Seen): string[] {
  const found: string[] = [];
  const receipts = receiptsOf(seen);
  for (const { jobId, operation, endedAt, gone } of seen.jobs) {
    if (endedAt !== null || gone !== null) continue;
    const receipt = receipts.find((one) => one.jobId === jobId);
    // Of a POST that nobody can look up, which is labelled: see G1.
    if (receipt === undefined && receipts.some((one) => one.operation === operation && one.unknownSubmits)) continue;
    const vendorWillNot = fired(seen, (event) => UNCANCELLABLE.includes(event.do) && event.of === operation);
    if (!vendorWillNot || receipt?.outcome !== 'unknown')
      found.push(`G3: a ${operation} is left running, in the receipt: ${receipt?.outcome ?? 'nothing'}`);
  }
  if (seen.cancels > 0 && !mayCancel(seen)) found.push(`G3: ${seen.cancels} cancels at the vendor, for nobody`);
  return found;
}

const UNCANCELLABLE: readonly Act[] = ['cancel is ignored', 'cancel fails'];

/** What the workflow has reason to cancel for; the death of an attempt and the shutdown of a worker are none. */
function mayCancel(seen: Seen): boolean {
  const failures = failuresOf(seen).map(({ type }) => type);
  return (
    wasCancelled(seen) ||
    failures.some((type) => CANCELLING.includes(type)) ||
    (failures.length > 0 && seen.schedule.options.onFailure === 'cancel') ||
    // A job that the vendor no longer finds may be there all the same. It may be the one that was to repair another.
    fired(seen, ({ do: what }) => what === 'job vanishes' || what === 'input is forgotten')
  );
}

const CANCELLING: readonly string[] = ['DocumentJobDeadlineExceeded', 'DocumentAccountRefused'];
