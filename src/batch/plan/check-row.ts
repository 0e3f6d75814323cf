import type { BatchRowInput } from '../../jobs/batch.js';
import { defined } from '../../jobs/defined.js';
import { isJsonObject } from '../../jobs/json.js';
import { redact } from '../../providers/redact.js';
import { MAX_ID } from './document-name.js';

/** What is wrong with a row, in words that follow `line 17: `. */
export interface RowProblem {
  type: 'DocumentInputInvalid' | 'DocumentSourceRefused';
  reason: string;
}

/** Signed URLs have 2,000 characters. */
const MAX_SOURCE_BYTES = 8_192;
const MAX_TENANT_BYTES = 64;
const MAX_PAGES = 1_000_000;

/**
 * A row as a manifest has it: numbers may be written as text, as CSV has them.
 * @returns the row with nothing but what we know in it, or the first thing that is wrong.
 */
export function checkRow(row: unknown): BatchRowInput | RowProblem {
  if (!isJsonObject(row)) return problem('expected an object with at least "source"');
  const source = textOf(row.source);
  if (source === null || source === '') return problem('has no source: expected a URL, a vendor reference or a path');
  if (bytesOf(source) > MAX_SOURCE_BYTES) return problem(`its source is longer than ${MAX_SOURCE_BYTES} bytes`);
  if (hasControl(source)) return problem('its source has a control character in it');
  const id = nameOf(row.id);
  if (id === null || (id !== undefined && (id.length > MAX_ID || hasControl(id)))) {
    return problem(`its id is not a text of 1 to ${MAX_ID} characters`);
  }
  const tenant = nameOf(row.tenant);
  if (tenant === null || (tenant !== undefined && (bytesOf(tenant) > MAX_TENANT_BYTES || hasControl(tenant)))) {
    return problem(`its tenant is not a text of 1 to ${MAX_TENANT_BYTES} bytes`);
  }
  const priority = wholeOf(row.priority, 5);
  if (priority === null) return problem(`its priority is not a whole number from 1 to 5: ${shown(row.priority)}`);
  const pages = wholeOf(row.pages, MAX_PAGES);
  if (pages === null) return problem(`its pages are not a whole number above 0: ${shown(row.pages)}`);
  const version = nameOf(row.version);
  if (version === null || (version !== undefined && version.length > MAX_ID)) {
    return problem(`its version is not a text of 1 to ${MAX_ID} characters`);
  }
  return { source, ...defined({ id, tenant, priority, pages, version }) };
}

export const isRowProblem = (checked: BatchRowInput | RowProblem): checked is RowProblem => 'reason' in checked;

const problem = (reason: string): RowProblem => ({ type: 'DocumentInputInvalid', reason });
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.trim() : null);

/** @returns undefined for what is not given, null for what is no name. A number may be one. */
function nameOf(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return textOf(value) || null;
}

/** @returns undefined for what is not given, null for what is no whole number from 1 to `max`. */
function wholeOf(value: unknown, max: number): number | null | undefined {
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= max ? number : null;
}

const bytesOf = (text: string): number => Buffer.byteLength(text);
const hasControl = (text: string): boolean => /\p{Cc}/u.test(text);
const shown = (value: unknown): string => redact(JSON.stringify(value) ?? '').slice(0, 40);
