import type { JsonObject } from '../../jobs/json.js';
import type { ReductoSwitches } from './switches.js';
import type { Parsing } from './request-fields.js';
import type { View } from '../view.js';

const AGENTIC_PER_PAGE = 2;
const PARSE_PER_PAGE = 1;
const TEXT_PER_PAGE = 0.5;

/** Credits for parsing; nothing behind `jobid://`, where that was paid already. */
export function parseCredits(view: View, parsing: Parsing | null | undefined): number {
  if (!view.parsedHere) return 0;
  const agentic = (parsing?.enhance?.agentic ?? []).length > 0;
  const perPage = agentic ? AGENTIC_PER_PAGE : view.plainText ? TEXT_PER_PAGE : PARSE_PER_PAGE;
  return perPage * view.pages.length;
}

/** `usage` of all but extract and classify. `breakdown` is what the newer pricing reports in place of credits. */
export function parseUsage(
  view: View,
  credits: number,
  { pricing }: ReductoSwitches,
  breakdown: JsonObject,
): JsonObject {
  const num_pages = view.pages.length;
  if (pricing === 'quantities') return { num_pages, credits: null, usage_breakdown: breakdown };
  return {
    num_pages,
    credits,
    credit_breakdown: { page: credits },
    page_billing_breakdown: Object.fromEntries(view.pages.map((page) => [String(page), ['page']])),
    non_empty_cell_count: null,
  };
}
