import type { z } from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';
import type { Operation, Section, Usage } from '../../jobs/types.js';
import { parseWith } from '../http/parse-reply.js';
import type { InterpretedResult } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { classifyValue, editValue, pipelineValue } from './inline-value.js';
import { ExtractBody, ParseBody, ResultBody, SplitBody } from './schemas.js';

const ENDPOINT = 'GET /job/{id}';

/** A finished body in neutral terms. @throws VendorError `invalid_reply` naming the field that does not fit. */
export function interpret(operation: Operation, jobId: string, body: unknown): InterpretedResult {
  switch (operation) {
    case 'parse': {
      const { usage } = parseWith(ParseBody, body, ENDPOINT);
      return { usage: usageOf(usage), reference: `jobid://${jobId}`, pageCount: usage?.num_pages ?? null };
    }
    case 'extract':
      return interpretExtract(body);
    case 'split': {
      const { usage, result } = parseWith(SplitBody, body, ENDPOINT);
      return { usage: usageOf(usage), sections: sectionsOf(result) };
    }
    default: {
      const checked = parseWith(ResultBody, body, ENDPOINT);
      const value = VALUE[operation];
      return { usage: usageOf(checked.usage), ...(value && { value: value(body as JsonObject) }) };
    }
  }
}

/** What travels inline of an operation that only this vendor has. */
const VALUE: Partial<Record<Operation, (body: JsonObject) => JsonValue>> = {
  classify: classifyValue,
  edit: editValue,
  pipeline: pipelineValue,
};

export function usageOf(usage: z.infer<typeof ResultBody>['usage']): Usage {
  return { pages: usage?.num_pages ?? null, credits: usage?.credits ?? null };
}

/**
 * Extract comes as an array of objects or as one object, with or without every leaf wrapped in `{value, citations}`, whatever was asked
 * for: the account decides too. The value is always given plain, the citations beside it in the same shape.
 */
function interpretExtract(body: unknown): InterpretedResult {
  const { usage, result, citations } = parseWith(ExtractBody, body, ENDPOINT);
  if (isParseResult(result)) {
    const reason = 'the job is a parse, not an extract';
    throw new VendorError({ kind: 'invalid_reply', endpoint: ENDPOINT, reason, sent: true, field: 'result' });
  }
  const entries = (Array.isArray(result) ? result : [result ?? null]) as JsonValue[];
  const one = entries.length === 1 ? (entries[0] ?? null) : entries;
  const beside = citations === null || citations === undefined ? citationsOf(one) : (citations as JsonValue);
  return {
    usage: usageOf(usage),
    data: plain(one),
    ...(beside === undefined ? {} : { citations: beside }),
  };
}

/** A parse job attached as an extract: its text must not travel as data. */
const isParseResult = (result: unknown): boolean =>
  isJsonObject(result) && result.type === 'full' && Array.isArray(result.chunks);

/**
 * A leaf in the vendor's wrapper. A user's schema may have fields called `value` and `citations` too: the vendor's citations each have a
 * box, and where there are none, the wrapper has nothing else.
 */
function isCited(value: JsonValue): value is { value: JsonValue; citations: JsonValue[] } {
  if (!isJsonObject(value) || !Object.hasOwn(value, 'value') || !Array.isArray(value.citations)) return false;
  const { citations } = value;
  return citations.length === 0
    ? Object.keys(value).length === 2
    : citations.every((one) => isJsonObject(one) && isJsonObject(one.bbox));
}

function plain(value: JsonValue): JsonValue {
  if (isCited(value)) return plain(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** @returns undefined when nothing in it is cited. */
function citationsOf(value: JsonValue): JsonValue | undefined {
  if (isCited(value)) return value.citations;
  if (Array.isArray(value)) {
    const inner = value.map(citationsOf);
    return inner.every((one) => one === undefined) ? undefined : inner.map((one) => one ?? null);
  }
  if (!isJsonObject(value)) return undefined;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const cited = citationsOf(inner);
    return cited === undefined ? [] : [[key, cited] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

type SplitResult = ReturnType<typeof SplitBody.parse>['result'];

function sectionsOf({ splits, section_mapping: mapping }: SplitResult): Section[] {
  const mapped = new Map(Object.entries(mapping ?? {}));
  const listed = splits ?? [...mapped.keys()].map((name) => ({ name, pages: null }));
  return listed.map(({ name, pages }) => {
    const numbers = pages?.map((page) => (typeof page === 'number' ? page : page.page_number)) ?? mapped.get(name);
    return { name, pages: [...new Set(numbers)].sort((a, b) => a - b) };
  });
}
