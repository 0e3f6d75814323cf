import { isJsonObject } from '../jobs/json.js';
import type { Pages, SectionSpec } from '../jobs/types.js';

/** What is wrong with which field of a request. */
export interface Problem {
  field: string;
  reason: string;
}

/*
 * Checks that all vendors need, of what a workflow gave: its types may not have been checked by anybody.
 */

export const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

export function checkObjectSchema(schema: unknown, field: string): Problem | null {
  if (isJsonObject(schema) && schema.type === 'object') return null;
  return { field, reason: 'expected a JSON Schema whose top level is {"type": "object", …}' };
}

export function checkSectionList(sections: SectionSpec[] | undefined): Problem | null {
  if (!Array.isArray(sections) || sections.length === 0) {
    return { field: 'sections', reason: 'split needs at least one {name, description}' };
  }
  const empty = sections.findIndex(
    (one: unknown) => !isJsonObject(one) || !isText(one.name) || !isText(one.description),
  );
  if (empty !== -1) return { field: `sections.${empty}`, reason: 'expected {name, description}, neither empty' };
  const names = sections.map(({ name }) => name);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice === -1) return null;
  return { field: `sections.${twice}.name`, reason: 'is there twice: names are the keys of the result' };
}

export function checkPageNumbers(pages: Pages): Problem | null {
  const problem = (reason: string): Problem => ({ field: 'pages', reason });
  if (!Array.isArray(pages) && !isJsonObject(pages)) return problem('expected a list of page numbers or {start, end}');
  const numbers = Array.isArray(pages) ? pages : [pages.start ?? 1, pages.end ?? pages.start ?? 1];
  if (numbers.length === 0 || numbers.some((page) => !Number.isInteger(page) || page < 1)) {
    return problem('expected page numbers from 1');
  }
  const isReversed = !Array.isArray(pages) && (pages.start ?? 1) > (pages.end ?? Infinity);
  return isReversed ? problem(`the range is reversed: ${pages.start}–${pages.end}`) : null;
}
