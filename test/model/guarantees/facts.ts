import type { JobReceipt } from '../../../src/jobs/types.js';
import { type Act, type Event, USER_ACTS } from '../schedule.js';
import type { Seen } from '../seen.js';

export const receiptsOf = ({ receipt }: Seen): JobReceipt[] => receipt?.jobs ?? [];

/** Whether such an event came about. */
export const fired = (seen: Seen, is: (event: Event) => boolean): boolean => seen.fired.some(is);

export const wasCancelled = (seen: Seen): boolean =>
  fired(seen, ({ do: what }) => (USER_ACTS as readonly Act[]).includes(what));

/** The vendor shows which job is whose, and never said that this key may not look. */
export const canLook = (seen: Seen): boolean =>
  seen.schedule.vendor === 'reducto' &&
  seen.schedule.vendorHas.hidesMetadata !== true &&
  !fired(seen, ({ on, do: what }) => on === 'list' && what === '404');

/** The document's failures, the one that it ended with or those that its result reports. */
export function failuresOf({ end }: Seen): { type: string; message: string; operation: string }[] {
  if (end.kind === 'result') return end.result.failures;
  if (end.kind !== 'failed') return [];
  return [{ type: end.type, message: end.message, operation: String(end.details.operation) }];
}

export const sum = (figures: number[]): number => figures.reduce((total, one) => total + one, 0);
