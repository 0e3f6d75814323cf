import type { CollectOptions } from '../jobs/activities.js';
import type { JsonValue } from '../jobs/json.js';
import type { CollectedResult, JobRef, ResultRef, Usage } from '../jobs/types.js';
import type { InterpretedResult, JobRead, Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import type { ResultStore } from '../results/result-store.js';
import { documentFailure } from './failures.js';
import type { Heart } from './heart.js';
import { storeBody } from './store-body.js';
import { checkSchema, validateData, type DataIssue } from './validate-data.js';

/**
 * Copies a completed job's body into the store, then says what of it travels inline.
 * @throws VendorError `invalid_reply` for a body that cannot be read, before anything is stored: the key is for the good one.
 */
export async function collectResult(
  store: ResultStore,
  provider: Provider,
  job: JobRef,
  read: JobRead,
  options: CollectOptions,
  heart: Heart,
): Promise<CollectedResult> {
  const interpreted = provider.interpret(job.operation, job.jobId, read.result);
  if (job.operation === 'parse' && interpreted.reference === undefined) throw noReference();
  const stored = await storeBody(store, job, read.result, heart);
  const usage = knownUsage(interpreted.usage, read.usage);
  switch (job.operation) {
    case 'parse': {
      const { reference = '', pageCount = usage.pages } = interpreted;
      return { kind: 'parse', reference, pageCount, usage, stored };
    }
    case 'extract':
      return { kind: 'extract', ...inlineExtract(job, interpreted, options, stored), usage, stored };
    case 'split': {
      const { sections = [] } = interpreted;
      return { kind: 'split', ...inlineIfFits(job, { sections }, options, stored), usage, stored };
    }
    default: {
      const { value = null } = interpreted;
      return { kind: 'other', ...inlineIfFits(job, { value }, options, stored), usage, stored };
    }
  }
}

function inlineExtract(
  job: JobRef,
  { data: found = null, citations }: InterpretedResult,
  options: CollectOptions,
  stored: ResultRef,
): { data?: JsonValue; citations?: JsonValue } {
  const data = options.schema === undefined ? found : checkedData(job, options.schema, found, stored);
  const whole = { data, ...(citations === undefined ? {} : { citations }) };
  // Citations are many times larger than the value, and a workflow hardly ever branches on them: they give way first.
  if (options.results === 'auto' && sizeOf(whole) > options.inlineLimit)
    return inlineIfFits(job, { data }, options, stored);
  return inlineIfFits(job, whole, options, stored);
}

function checkedData(
  job: JobRef,
  schema: NonNullable<CollectOptions['schema']>,
  found: JsonValue,
  stored: ResultRef,
): JsonValue {
  const fault = checkSchema(schema);
  const checked =
    fault === null
      ? validateData(schema, found)
      : { data: found, issues: [{ path: '', message: `the schema: ${fault}` }] };
  if (checked.issues.length === 0) return checked.data;
  throw documentFailure(
    'ExtractedDataInvalid',
    `extract job ${job.jobId}: the extracted value does not match its schema: ${describe(checked.issues)}. ` +
      `The whole result is in the result store.`,
    { ...job, issues: checked.issues, stored },
  );
}

function describe(issues: DataIssue[]): string {
  const [first] = issues;
  const more = issues.length > 1 ? ` and ${issues.length - 1} more` : '';
  return `${first?.path || 'the value'} ${first?.message ?? ''}${more}`;
}

function inlineIfFits<T extends object>(
  job: JobRef,
  value: T,
  { results, inlineLimit }: CollectOptions,
  stored: ResultRef,
): Partial<T> {
  if (results === 'stored') return {};
  const size = sizeOf(value);
  if (size <= inlineLimit) return value;
  if (results === 'auto') return {};
  throw documentFailure(
    'DocumentResultTooLarge',
    `${job.operation} job ${job.jobId}: its value has ${size} bytes, more than the ${inlineLimit} that may travel inline. ` +
      `It is in the result store; set results: 'auto' or 'stored', or raise the limit.`,
    { ...job, size, limit: inlineLimit, stored },
  );
}

/** UTF-8 JSON bytes. */
const sizeOf = (value: object): number => Buffer.byteLength(JSON.stringify(value), 'utf8');

const knownUsage = (own: Usage, read: Usage): Usage => ({
  pages: own.pages ?? read.pages,
  credits: own.credits ?? read.credits,
});

const noReference = (): VendorError =>
  new VendorError({
    kind: 'invalid_reply',
    endpoint: 'parse result',
    field: 'reference',
    reason: 'no durable reference in it',
    sent: true,
  });
