import { isJsonObject } from './json.js';
import type { ProcessDocumentInput } from './process-document.js';

/**
 * Checks the input of `processDocument`, which may come from any language: a wrong shape must end as a typed failure, because a
 * TypeError in workflow code would leave the workflow retrying its task for ever. Durations and counts are checked where they are read.
 * @returns null, or what is wrong with which field.
 */
export function checkProcessDocumentInput(input: unknown): { field: string; reason: string } | null {
  if (!isJsonObject(input)) return { field: 'input', reason: 'expected an object with at least "source"' };
  const { source, parsed, schema, sections, extractPerSection } = input as Partial<ProcessDocumentInput>;
  if (typeof source !== 'string' || source.trim() === '') {
    return { field: 'source', reason: 'expected a URL or a vendor reference' };
  }
  if (parsed !== undefined && !isParsedReference(parsed)) {
    return { field: 'parsed', reason: 'expected a parse as an earlier run reported it' };
  }
  if (schema !== undefined && (!isJsonObject(schema) || schema.type !== 'object')) {
    return { field: 'schema', reason: 'expected a JSON Schema whose top level is {"type": "object", …}' };
  }
  if (sections !== undefined && !isSectionList(sections)) {
    return {
      field: 'sections',
      reason: 'expected a list of {"name": …, "description": …}, at least one, names not twice',
    };
  }
  if (extractPerSection === true && (schema === undefined || sections === undefined)) {
    return { field: 'extractPerSection', reason: 'needs both "schema" and "sections"' };
  }
  if (extractPerSection === true && input.results === 'stored') {
    return { field: 'extractPerSection', reason: 'needs the sections inline: not with "results": "stored"' };
  }
  return checkObjects(input) ?? checkChoices(input) ?? checkTaskQueue(input);
}

function checkObjects({ options, polling }: Record<string, unknown>): { field: string; reason: string } | null {
  if (polling !== undefined && !isJsonObject(polling)) return { field: 'polling', reason: 'expected an object' };
  if (options === undefined) return null;
  if (!isJsonObject(options)) return { field: 'options', reason: 'expected an object: operation → vendor options' };
  const wrong = Object.keys(options).find((operation) => !isJsonObject(options[operation]));
  return wrong === undefined
    ? null
    : { field: `options.${wrong}`, reason: 'expected an object of the vendor’s body fields' };
}

const CHOICES = {
  onFailure: ['keep', 'cancel'],
  results: ['inline', 'stored', 'auto'],
  copyAssets: [true, false],
  webhooks: [true, false],
  onUnknownSubmit: ['fail', 'resubmit'],
  repair: ['once', 'never'],
  onRefusedKey: ['wait', 'fail'],
} as const;

function checkChoices(input: Record<string, unknown>): { field: string; reason: string } | null {
  for (const [field, allowed] of Object.entries(CHOICES)) {
    const value = input[field];
    if (value !== undefined && !(allowed as readonly unknown[]).includes(value)) {
      return {
        field,
        reason: `expected ${allowed.map((word) => JSON.stringify(word)).join(' or ')}, got ${JSON.stringify(value)}`,
      };
    }
  }
  return null;
}

/** Left empty it is the workflow's own. Anything but a text would reach the server as the name of a queue that no worker has. */
function checkTaskQueue({ taskQueue }: Record<string, unknown>): { field: string; reason: string } | null {
  if (taskQueue === undefined || taskQueue === null || typeof taskQueue === 'string') return null;
  return { field: 'taskQueue', reason: 'expected the name of a task queue' };
}

function isParsedReference(parsed: unknown): boolean {
  if (!isJsonObject(parsed) || !isJsonObject(parsed.stored) || !isText(parsed.stored.key)) return false;
  const { provider, account, jobId, reference, pageCount } = parsed;
  return [provider, account, jobId, reference].every(isText) && (pageCount === null || typeof pageCount === 'number');
}

function isSectionList(sections: unknown): boolean {
  if (!Array.isArray(sections) || sections.length === 0) return false;
  const wellFormed = sections.every((one: unknown) => isJsonObject(one) && isText(one.name) && isText(one.description));
  return wellFormed && new Set(sections.map((one: { name: string }) => one.name)).size === sections.length;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
