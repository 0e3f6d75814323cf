import type { z } from 'zod';
import { isJsonObject, type JsonValue } from '../../jobs/json.js';
import type { Operation, SectionValue, Usage } from '../../jobs/types.js';
import { parseWith } from '../http/parse-reply.js';
import type { InterpretedResult } from '../provider.js';
import { redact } from '../redact.js';
import {
  AnyBody,
  ExtractionBody,
  PipelineBody,
  type Pointer,
  SchemaBody,
  SplitBody,
  SplitSchemaBody,
  TablesBody,
} from './schemas.js';

const ENDPOINT = 'GET /job/{id}';

/** A finished body in neutral terms. @throws VendorError `invalid_reply` naming the field that does not fit. */
export function interpret(operation: Operation, _jobId: string, body: unknown): InterpretedResult {
  const usage = usageOf(parseWith(AnyBody, body, ENDPOINT));
  switch (operation) {
    case 'parse': {
      const { extraction_id: reference, page_count: pageCount } = parseWith(ExtractionBody, body, ENDPOINT);
      return { usage, pageCount: pageCount ?? null, ...(reference == null ? {} : { reference }) };
    }
    case 'extract':
      return { usage, ...(isBySection(body) ? sectionValues(body) : wholeValue(body)) };
    case 'split': {
      const { split_id: reference, split_output } = parseWith(SplitBody, body, ENDPOINT);
      const sections = Object.entries(split_output.splits).map(([name, pages]) => ({
        name,
        pages: [...new Set(pages ?? [])].sort((a, b) => a - b),
      }));
      return { usage, reference, sections };
    }
    case 'tables': {
      const { tables_id, tables_output } = parseWith(TablesBody, body, ENDPOINT);
      const charts = tables_output.tables.filter((table) => table.from_chart === true).length;
      // The tables themselves are the document's text, which does not travel.
      return { usage, value: { tables_id: tables_id ?? null, tables: tables_output.tables.length, charts } };
    }
    default: {
      const { results } = parseWith(PipelineBody, body, ENDPOINT);
      const steps = Object.entries(results).map(
        ([step, one]) => [step, withoutContent(step, one as JsonValue)] as const,
      );
      return { usage, value: Object.fromEntries(steps) };
    }
  }
}

/** What a pointer to a large parse tells: all that is needed to go on. @returns undefined when it has no reference. */
export function interpretPointer(pointer: Pointer): InterpretedResult | undefined {
  const { extraction_id: reference, page_count: pageCount } = pointer;
  return reference == null ? undefined : { usage: usageOf(pointer), reference, pageCount: pageCount ?? null };
}

type Billed = Partial<Pick<z.infer<typeof AnyBody>, 'page_count' | 'credits_used'>>;

/** `plan_info` has the organisation's totals, not this job's. */
export function usageOf({ page_count, credits_used }: Billed = {}): Usage {
  return { pages: page_count ?? null, credits: credits_used ?? null };
}

function wholeValue(body: unknown): Pick<InterpretedResult, 'data' | 'citations'> {
  const { values, citations } = parseWith(SchemaBody, body, ENDPOINT).schema_output;
  return { data: (values ?? null) as JsonValue, ...cited(citations) };
}

/** By section it has `split_id`, which a whole value has not. */
const isBySection = (body: unknown): boolean =>
  isJsonObject(body) &&
  (body.split_id != null || body.results != null || (body.errors != null && body.schema_output == null));

/** A section may have failed while the job as a whole did not. */
function sectionValues(body: unknown): Pick<InterpretedResult, 'sectionValues'> {
  const { results, schema_output, errors } = parseWith(SplitSchemaBody, body, ENDPOINT);
  const failed = Object.entries(errors ?? {}).filter(([, error]) => error != null);
  const failedNames = new Set(failed.map(([name]) => name));
  const values = Object.entries(results ?? schema_output ?? {}).filter(([name]) => !failedNames.has(name));
  const good = values.map(([name, { values: data, citations }]): SectionValue => ({
    name,
    data: (data ?? null) as JsonValue,
    ...cited(citations),
  }));
  const bad = failed.map(([name, error]): SectionValue => ({ name, problem: redact(errorText(error)) }));
  return { sectionValues: [...good, ...bad] };
}

function errorText(error: unknown): string {
  const text = isJsonObject(error) ? error.message : error;
  return typeof text === 'string' && text.trim() !== '' ? text : 'the vendor gave no reason';
}

function cited(citations: unknown): { citations?: JsonValue } {
  return citations == null ? {} : { citations: citations as JsonValue };
}

/** Of each step what holds no text of the document: by the step, since a user's schema may have any names. */
const KEPT = new Map([
  ['extract', ['extraction_id', 'page_count', 'pages', 'latency']],
  ['split', ['split_id', 'split_output', 'latency']],
  ['schema', ['schema_id', 'version', 'schema_output', 'results', 'errors', 'latency']],
  ['tables', ['tables_id', 'latency']],
  ['batch_extract', ['extraction_ids', 'total_files', 'latency']],
]);

function withoutContent(step: string, value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return null;
  const kept = KEPT.get(step) ?? [];
  return Object.fromEntries(Object.entries(value).filter(([key]) => kept.includes(key)));
}
