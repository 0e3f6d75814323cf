import type { BatchBudget, BatchChange, ProcessBatchInput } from './batch.js';
import { checkProcessDocumentInput } from './check-input.js';
import { isJsonObject } from './json.js';

export type Problem = { field: string; reason: string };

const MAX_WINDOW = 2_000;
const MAX_STARTS_PER_SECOND = 1_000;
/** A run of fewer events would be over before it had begun; a longer one would near what Temporal bears. */
const EVENTS = { min: 50, max: 20_000 };
/** What each kind of manifest needs, as text. */
const MANIFESTS: Record<string, string> = { file: 'path', folder: 'path', s3: 'bucket', source: 'name' };

/**
 * Checks the input of `processBatch`, which may come from any language; what is asked of each document too, so that a mistake in it is told once
 * and not by each of a million documents.
 * @returns null, or what is wrong with which field.
 */
export function checkProcessBatchInput(input: unknown): Problem | null {
  if (!isJsonObject(input)) return { field: 'input', reason: 'expected an object with at least "manifest"' };
  const { manifest, request = {}, redrive, force, taskQueue, eventsPerRun } = input as Partial<ProcessBatchInput>;
  const need = isJsonObject(manifest) ? MANIFESTS[String(manifest.kind)] : undefined;
  if (need === undefined) {
    return { field: 'manifest', reason: `expected {"kind": ${Object.keys(MANIFESTS).join(' | ')}, …}` };
  }
  if (!isText((manifest as unknown as Record<string, unknown>)[need])) {
    return { field: `manifest.${need}`, reason: 'expected a text' };
  }
  if (!isJsonObject(request)) return { field: 'request', reason: 'expected an object' };
  const each = ['source', 'parsed'].find((field) => (request as Record<string, unknown>)[field] !== undefined);
  if (each !== undefined) return { field: `request.${each}`, reason: 'is told of each document by the manifest' };
  const asked = checkProcessDocumentInput({ ...request, source: 'any' });
  if (asked !== null) return { field: `request.${asked.field}`, reason: asked.reason };
  if (redrive !== undefined && (!isJsonObject(redrive) || !isText(redrive.batchId) || !isJsonObject(redrive.select))) {
    return { field: 'redrive', reason: 'expected {"batchId": …, "select": {…}}' };
  }
  if (force !== undefined && !isText(force)) return { field: 'force', reason: 'expected a text' };
  if (taskQueue !== undefined && !isText(taskQueue)) {
    return { field: 'taskQueue', reason: 'expected the name of a task queue' };
  }
  if (eventsPerRun !== undefined && !isWhole(eventsPerRun, EVENTS.min, EVENTS.max)) {
    return { field: 'eventsPerRun', reason: `expected a whole number from ${EVENTS.min} to ${EVENTS.max}` };
  }
  return checkSettings(input);
}

/** Checks what an update asks for. @returns null, or what is wrong with which field. */
export function checkBatchChange(change: unknown): Problem | null {
  if (!isJsonObject(change)) return { field: 'change', reason: 'expected an object' };
  const unknown = Object.keys(change).find((field) => !CHANGES.includes(field));
  if (unknown !== undefined) return { field: unknown, reason: `there is no such setting: ${CHANGES.join(', ')}` };
  if (Object.keys(change).length === 0) return { field: 'change', reason: `expected one of ${CHANGES.join(', ')}` };
  if (change.cancel !== undefined && change.cancel !== true) return { field: 'cancel', reason: 'expected true' };
  return checkSettings(change, change.budget === null);
}

const CHANGES: readonly string[] = [
  'paused',
  'window',
  'startsPerSecond',
  'budget',
  'cancel',
] satisfies (keyof BatchChange)[];

/** What input and update have in common. */
function checkSettings(settings: Record<string, unknown>, noBudget = settings.budget === undefined): Problem | null {
  const { paused, window, startsPerSecond, budget } = settings;
  if (paused !== undefined && typeof paused !== 'boolean') return { field: 'paused', reason: 'expected true or false' };
  if (window !== undefined && !isWhole(window, 1, MAX_WINDOW)) {
    return { field: 'window', reason: `expected a whole number from 1 to ${MAX_WINDOW}` };
  }
  if (startsPerSecond !== undefined && !isAbove(startsPerSecond, 0, MAX_STARTS_PER_SECOND)) {
    return { field: 'startsPerSecond', reason: `expected a number above 0, up to ${MAX_STARTS_PER_SECOND}` };
  }
  return noBudget || budget === undefined ? null : checkBudget(budget);
}

function checkBudget(budget: unknown): Problem | null {
  if (!isJsonObject(budget)) return { field: 'budget', reason: 'expected {"credits" or "pages": …, "then": …}' };
  const { credits, pages, then } = budget as Partial<BatchBudget>;
  if (credits === undefined && pages === undefined) return { field: 'budget', reason: 'needs "credits" or "pages"' };
  for (const [name, limit] of [['credits', credits] as const, ['pages', pages] as const]) {
    if (limit !== undefined && !isAbove(limit, 0, Number.MAX_SAFE_INTEGER)) {
      return { field: `budget.${name}`, reason: 'expected a number above 0' };
    }
  }
  if (then !== undefined && then !== 'ask' && then !== 'stop') {
    return { field: 'budget.then', reason: 'expected "ask" or "stop"' };
  }
  return null;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
const isWhole = (value: unknown, min: number, max: number): boolean =>
  Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
const isAbove = (value: unknown, least: number, max: number): boolean =>
  typeof value === 'number' && value > least && value <= max;
