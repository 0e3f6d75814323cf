import type { Seen } from '../seen.js';
import { causesOf } from './causes.js';
import { failuresOf, wasCancelled } from './facts.js';

/** G6: what ends badly ends with a typed failure that has its cause and says whose it is; nothing hangs. */
export function endsTyped(seen: Seen): string[] {
  const { end, schedule } = seen;
  const found: string[] = [];
  if (end.kind === 'hung') found.push('G6: it hangs');
  if (end.kind === 'other') found.push(`G6: it ends without a typed failure: ${end.error}`);
  if (end.kind === 'cancelled' && !wasCancelled(seen)) found.push('G6: it is cancelled, and nobody cancelled it');
  // A failure that was on its way may come first.
  if (end.kind === 'result' && end.result.status === 'complete' && wasCancelled(seen))
    found.push('G6: it was cancelled, and goes on');
  for (const { type, message, operation } of failuresOf(seen)) {
    if (!causesOf(type, operation).some((cause) => cause(seen)))
      found.push(`G6: ${operation} ends as ${type} without a cause: ${message}`);
  }
  if (end.kind === 'failed') {
    const { provider, account, jobId } = end.details;
    if (provider !== schedule.vendor || account !== schedule.vendor)
      found.push(`G6: ${end.type} does not say whose it is`);
    if (jobId !== undefined && !seen.jobs.some((job) => job.jobId === jobId))
      found.push(`G6: ${end.type} names no job of the vendor's`);
  }
  return found;
}
