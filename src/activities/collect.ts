import type { CollectOptions } from '../jobs/activities.js';
import type { JsonSchema, JsonValue } from '../jobs/json.js';
import type { CollectedResult, JobRef, ResultRef, SectionValue, Usage } from '../jobs/types.js';
import { documentFailure } from './failures.js';
import type { KeptBody } from './keep-body.js';
import { placeOf } from './result-place.js';
import { checkSchema, validateData, type DataIssue } from './validate-data.js';

/**
 * What of a kept body travels inline.
 * @param read what the status read told of the usage; the body's own figures win.
 */
export function collectResult(
  job: JobRef,
  { stored, interpreted }: KeptBody,
  read: Usage,
  options: CollectOptions,
): CollectedResult {
  const usage = knownUsage(interpreted.usage, read);
  const { reference } = interpreted;
  switch (job.operation) {
    case 'parse': {
      const { pageCount = usage.pages } = interpreted;
      return { kind: 'parse', reference: reference ?? '', pageCount, usage, stored };
    }
    case 'extract':
      return { kind: 'extract', ...inlineExtract(job, { stored, interpreted }, options), usage, stored };
    case 'split': {
      const { sections = [] } = interpreted;
      const inline = inlineIfFits(job, { sections }, options, stored);
      return { kind: 'split', ...inline, ...(reference === undefined ? {} : { reference }), usage, stored };
    }
    default: {
      const { value = null } = interpreted;
      return { kind: 'other', ...inlineIfFits(job, { value }, options, stored), usage, stored };
    }
  }
}

interface InlineExtract {
  data?: JsonValue;
  citations?: JsonValue;
  sectionValues?: SectionValue[];
}

function inlineExtract(job: JobRef, { stored, interpreted }: KeptBody, options: CollectOptions): InlineExtract {
  const { sectionValues } = interpreted;
  if (sectionValues !== undefined) {
    const checked = sectionValues.map((one) => checkedSection(one, options.sectionSchemas?.[one.name]));
    return inlineIfFits(job, { sectionValues: checked }, options, stored, withoutCitations(checked));
  }
  const { data: found = null, citations } = interpreted;
  const data = options.schema === undefined ? found : checkedData(job, options.schema, found, stored);
  const whole = { data, ...(citations === undefined ? {} : { citations }) };
  return inlineIfFits(job, whole, options, stored, { data });
}

const withoutCitations = (values: SectionValue[]): { sectionValues: SectionValue[] } => ({
  sectionValues: values.map(({ citations: _citations, ...value }) => value),
});

/** One section that does not fit its schema says so and leaves the others alone. */
function checkedSection(value: SectionValue, schema: JsonSchema | undefined): SectionValue {
  if (schema === undefined || value.data === undefined) return value;
  const { data, issues } = checkAgainst(schema, value.data);
  if (issues.length === 0) return { ...value, data };
  return { name: value.name, problem: `the extracted value does not match its schema: ${describe(issues)}` };
}

function checkedData(job: JobRef, schema: JsonSchema, found: JsonValue, stored: ResultRef): JsonValue {
  const { data, issues } = checkAgainst(schema, found);
  if (issues.length === 0) return data;
  throw documentFailure(
    'ExtractedDataInvalid',
    `extract job ${job.jobId}: the extracted value does not match its schema: ${describe(issues)}. ` +
      `Read the whole result in the result store; mend the schema or the document, then extract again.`,
    { ...job, issues, stored },
  );
}

function checkAgainst(schema: JsonSchema, found: JsonValue): { data: JsonValue; issues: DataIssue[] } {
  const fault = checkSchema(schema);
  if (fault === null) return validateData(schema, found);
  return { data: found, issues: [{ path: '', message: `the schema: ${fault}` }] };
}

function describe(issues: DataIssue[]): string {
  const [first] = issues;
  const more = issues.length > 1 ? ` and ${issues.length - 1} more` : '';
  return `${first?.path || 'the value'} ${first?.message ?? ''}${more}`;
}

/** @param bare the value without its citations. @throws DocumentResultTooLarge */
function inlineIfFits<T extends object>(
  job: JobRef,
  value: T,
  { results, inlineLimit }: CollectOptions,
  stored: ResultRef,
  bare: Partial<T> = value,
): Partial<T> {
  const size = sizeOf(value);
  switch (placeOf({ choice: results, size, bareSize: sizeOf(bare), limit: inlineLimit })) {
    case 'inline':
      return value;
    case 'bare':
      return bare;
    case 'stored':
      return {};
    case 'too_large':
      throw documentFailure(
        'DocumentResultTooLarge',
        `${job.operation} job ${job.jobId}: its value has ${size} bytes, more than the ${inlineLimit} that may travel inline. ` +
          `It is in the result store; set results: 'auto' or 'stored', or raise the limit.`,
        { ...job, size, limit: inlineLimit, stored },
      );
  }
}

/** UTF-8 JSON bytes. */
const sizeOf = (value: object): number => Buffer.byteLength(JSON.stringify(value), 'utf8');

const knownUsage = (own: Usage, read: Usage): Usage => ({
  pages: own.pages ?? read.pages,
  credits: own.credits ?? read.credits,
});
