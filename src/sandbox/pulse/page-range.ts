import { coded } from './api-error.js';

export interface PageRange {
  first: number;
  last: number;
}

/** `1-2,5`: 1-based, inclusive. @throws ApiError REQ_006 */
export function parsePages(text: string): PageRange[] {
  return text.split(',').map((part) => {
    const [, first, last = first] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part) ?? [];
    const range = { first: Number(first), last: Number(last) };
    if (first === undefined || range.first < 1 || range.last < range.first) {
      throw coded('REQ_006', 'Invalid page range', { pages: text });
    }
    return range;
  });
}

/** The pages that the ranges name, ascending; all for null. @throws ApiError REQ_006 past the document's end */
export function pagesIn(ranges: readonly PageRange[] | null, available: readonly number[]): number[] {
  if (ranges === null) return [...available];
  const end = available.at(-1) ?? 0;
  if (ranges.some(({ last }) => last > end)) {
    throw coded('REQ_006', `Invalid page range: the document has ${end} page${end === 1 ? '' : 's'}`);
  }
  return available.filter((page) => ranges.some(({ first, last }) => first <= page && page <= last));
}
