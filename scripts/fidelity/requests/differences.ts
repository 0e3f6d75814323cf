import { isDeepStrictEqual } from 'node:util';
import type { Vendor } from '../vendor-name.js';
import type { Facts } from './seen-request.js';

/** One thing in which our request and the vendor's own client's differ; what one of them does not send is undefined. */
export interface Difference {
  vendor: Vendor;
  call: string;
  /** Dotted name of what differs. */
  field: string;
  ours: unknown;
  theirs: unknown;
}

/** A difference that is meant. */
export interface KnownDifference extends Difference {
  why: string;
}

/** Where two requests for the same call differ. */
export function differences(vendor: Vendor, call: string, ours: Facts, theirs: Facts): Difference[] {
  const fields = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  return fields
    .filter((field) => !isDeepStrictEqual(ours[field], theirs[field]))
    .map((field) => ({ vendor, call, field, ours: ours[field], theirs: theirs[field] }));
}

/** The differences that no row explains, and the rows that explain nothing any more. */
export function unexplained(
  found: readonly Difference[],
  known: readonly KnownDifference[],
): { unknown: Difference[]; stale: KnownDifference[] } {
  return {
    unknown: found.filter((one) => !known.some((row) => isSame(row, one))),
    stale: known.filter((row) => !found.some((one) => isSame(row, one))),
  };
}

const isSame = (a: Difference, b: Difference): boolean =>
  a.vendor === b.vendor &&
  a.call === b.call &&
  a.field === b.field &&
  isDeepStrictEqual([a.ours, a.theirs], [b.ours, b.theirs]);
