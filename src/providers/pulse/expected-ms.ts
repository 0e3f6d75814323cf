import type { Operation } from '../../jobs/types.js';

const BASE_MS: Partial<Record<Operation, number>> = { parse: 8_000, extract: 10_000, split: 8_000, tables: 6_000 };
const PER_PAGE_MS = 500;

/** A first guess; the worker learns better ones. Unknown without a page count, and for what depends on the request. */
export function expectedMs(operation: Operation, pageCount: number | null): number | null {
  const base = BASE_MS[operation];
  return base === undefined || pageCount === null ? null : base + PER_PAGE_MS * pageCount;
}
