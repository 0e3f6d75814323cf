import { apiError } from './api-error.js';
import type { PageRange } from './request-fields.js';

/** The pages that a `page_range` names, ascending. @throws ApiError 400 when it names none of the document's */
export function pagesIn(range: PageRange | null, available: readonly number[]): number[] {
  if (range === null) return [...available];
  const wanted = (Array.isArray(range) ? range : [range]).flatMap((part) => {
    if (typeof part === 'string') throw apiError(400, 'INVALID_CONFIG', 'Sheet names are for spreadsheets only.');
    if (typeof part === 'number') return available.includes(part) ? [part] : [];
    return available.filter((page) => page >= (part.start ?? 1) && page <= (part.end ?? Infinity));
  });
  if (wanted.length === 0) throw apiError(400, 'INVALID_CONFIG', 'The page range has none of the document’s pages.');
  return [...new Set(wanted)].sort((a, b) => a - b);
}
