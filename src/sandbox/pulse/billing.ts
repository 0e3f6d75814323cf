import type { JsonObject } from '../../jobs/json.js';
import type { View } from '../view.js';
import type { ExtractOptions } from './request-fields.js';
import type { Vendor } from './vendor.js';

const EXTRACT_PER_PAGE = { default: 1, 'pulse-ultra-2': 10 };
const SPLIT_PER_PAGE = 2;
const SCHEMA_PER_PAGE = 1;
const EFFORT_PER_PAGE = 4;
const PER_TABLE = 0.25;
const PER_MERGED_TABLE = 0.5;

/** The deprecated schema of an extract is billed as `/schema` would. */
export function extractCredits({ pages }: View, { model, structured_output, schema }: ExtractOptions): number {
  const structured = structured_output != null || schema != null;
  const credits = EXTRACT_PER_PAGE[model ?? 'default'] * pages.length;
  return structured ? credits + schemaCredits(pages.length, structured_output?.effort === true) : credits;
}

export const splitCredits = ({ pages }: View): number => SPLIT_PER_PAGE * pages.length;

export const schemaCredits = (pages: number, effort: boolean): number =>
  (effort ? EFFORT_PER_PAGE : SCHEMA_PER_PAGE) * pages;

export const tableCredits = (tables: number, merge: boolean): number => (merge ? PER_MERGED_TABLE : PER_TABLE) * tables;

/** Books a job's cost. @returns what its result tells of it: totals are the organisation's to date */
export function bill({ usage, switches }: Vendor, credits: number, pages: number): JsonObject {
  usage.credits += credits;
  usage.pages += pages;
  const { creditsUsed, planInfoKey } = switches;
  return {
    ...(creditsUsed !== 'absent' && { credits_used: creditsUsed === 'number' ? credits : null }),
    [planInfoKey]: { tier: 'sandbox', total_credits_used: usage.credits, pages_used: usage.pages },
  };
}
