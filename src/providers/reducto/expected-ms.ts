import type { Operation } from '../../jobs/types.js';

/** From the vendor's documentation: small documents take seconds, large ones minutes. Rough on purpose; the worker learns better ones. */
const BASE_MS = 8_000;
const PER_PAGE_MS: Partial<Record<Operation, number>> = { parse: 500, extract: 700, split: 400 };

/** @returns null for a document of unknown length, whose first look is better made early. */
export function expectedMs(operation: Operation, pageCount: number | null): number | null {
  const perPage = PER_PAGE_MS[operation];
  return perPage === undefined || pageCount === null ? null : BASE_MS + perPage * pageCount;
}
