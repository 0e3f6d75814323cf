import type { JobReceipt } from '../../../src/jobs/types.js';
import { type Act, MODEL_OPERATIONS, type ModelOperation, operationsOf } from '../schedule.js';
import type { Seen } from '../seen.js';
import { canLook, receiptsOf, sum } from './facts.js';

/** G1: no document is paid for twice, apart from what the receipt shows, and the receipt shows what was paid. */
export function paidOnce(seen: Seen): string[] {
  return [...receiptIsTrue(seen), ...MODEL_OPERATIONS.flatMap((operation) => ofOperation(seen, operation))];
}

function receiptIsTrue(seen: Seen): string[] {
  const found: string[] = [];
  const receipts = receiptsOf(seen);
  const named = receipts.flatMap(({ jobId }) => jobId ?? []);
  if (new Set(named).size !== named.length) found.push('G1: two lines of the receipt name one job');
  for (const { jobId, operation, credits, stored } of receipts) {
    if (jobId === null) continue;
    const job = seen.jobs.find((one) => one.jobId === jobId && one.operation === operation);
    if (job === undefined) found.push(`G1: the receipt names a ${operation} that the vendor never accepted`);
    // Null = the vendor did not say, which it does with a finished body.
    const isKnown = credits !== null || stored !== undefined;
    if (job?.gone === null && isKnown && credits !== job.billed.credits)
      found.push(`G1: the receipt shows ${credits} credits for a ${operation} of ${job.billed.credits}`);
  }
  return found;
}

function ofOperation(seen: Seen, operation: ModelOperation): string[] {
  const found: string[] = [];
  const receipts = receiptsOf(seen);
  const own = receipts.filter((one) => one.operation === operation);
  const accepted = seen.jobs.filter((job) => job.operation === operation);
  const asked = operationsOf(seen.schedule).includes(operation) ? 1 : 0;
  const unknown = sum(own.map(({ unknownSubmits = 0 }) => unknownSubmits));

  const again = own.filter(({ resubmit, repair }) => resubmit || repair === true).length + redone(receipts, operation);
  if (accepted.length > asked + again + unknown)
    found.push(`G1: ${accepted.length} jobs for one ${operation}; the receipt shows ${again + unknown} more`);

  const resubmits = own.filter(({ resubmit }) => resubmit).length;
  const most = (seen.schedule.options.maxResubmits ?? 1) * Math.max(1, accepted.length - resubmits);
  if (resubmits > most)
    found.push(`G1: a ${operation} was submitted ${resubmits} times more, at most ${most} were wanted`);

  const repaired = own.filter(({ repair, resubmit }) => repair === true && !resubmit).length;
  const forgotten = seen.fired.filter((event) => FORGETTING.includes(event.do)).length;
  if (repaired > forgotten)
    found.push(`G1: a ${operation} is repaired ${repaired} times and forgotten ${forgotten} times`);

  const unnamed = accepted.filter(({ jobId }) => !own.some((one) => one.jobId === jobId)).length;
  if (unnamed > unknown) found.push(`G1: ${unnamed} ${operation} jobs are in no receipt, ${unknown} labelled unknown`);

  const billed = accepted.filter(({ state }) => state === 'Completed').length;
  const repairs = own.filter(({ repair }) => repair === true).length;
  if (billed > asked + repairs + unknown) found.push(`G1: ${billed} ${operation} jobs are billed for one`);

  if (unknown > 0 && canLook(seen)) found.push(`G1: a ${operation} is left unknown though the vendor's list tells`);
  if (unknown > 1 && seen.schedule.options.onUnknownSubmit !== 'resubmit')
    found.push(`G1: a ${operation} was posted again after one that nobody can look up, unasked`);

  const posted = seen.submits.filter((submit) => submit.operation === operation && submit.jobId !== null).length;
  const shown = sum(own.map(({ submits }) => submits));
  if (shown < posted) found.push(`G1: the receipt shows ${shown} ${operation} POSTs of ${posted} accepted ones`);
  return found;
}

/** After these a vendor says that it does not have what a job is to work on. */
const FORGETTING: readonly Act[] = ['input is forgotten', 'job fails for want of its input', '404'];

/** A job that failed for want of its input is done again with the repaired one. */
function redone(receipts: JobReceipt[], operation: ModelOperation): number {
  if (operation === 'parse') return 0;
  const failed = receipts.filter((one) => one.operation === operation && one.outcome === 'failed').length;
  return Math.min(failed, receipts.filter(({ repair }) => repair === true).length);
}
