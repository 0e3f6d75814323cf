import type { JsonObject, JsonValue } from '../jobs/json.js';
import type { OperationRequest } from '../jobs/activities.js';
import type { CollectedResult, JobRef, Operation, Pages, ResultRef, Section, SectionSpec } from '../jobs/types.js';
import type { ProviderName, ProviderOperation, ProviderOptions } from '../providers/types.js';
import { all } from './all.js';
import { attachJob } from './attach-job.js';
import { workflowBoard } from './board.js';
import type { JobContext } from './job-context.js';
import { duration, invalidInput, type JobOptions, resolveJobOptions } from './job-options.js';
import { type CompletedJob, runJob } from './run-job.js';
import { type SchemaOutput, type StandardJsonSchema, toJsonSchema } from './schema.js';
import { uploadIfNeeded } from './upload-if-needed.js';

/** 256 KiB of inline values a document, so that a workflow of many extracts stays far below Temporal's limits. */
const INLINE_BUDGET = 256 * 1024;

export interface DocumentJobsOptions<P extends ProviderName = ProviderName> extends JobOptions {
  /** The vendor. The account on the worker must be one of this vendor's. */
  provider: P;
  /** Account name on the worker. Default: the provider's name. */
  account?: string;
  /** Limit for everything done through this object, from now: ms or a string such as `1 hour`. Default none. */
  deadline?: number | string;
  /** After continue-as-new: what `submitted()` returned before it, so that no two submits of a workflow share a marker. */
  submittedBefore?: number;
}

/** The durable reference to a finished parse. Plain JSON: pass it to children, keep it, return it. */
export interface ParsedDocument {
  provider: string;
  account: string;
  jobId: string;
  /** What extract and split hand to the vendor instead of the file. */
  reference: string;
  pageCount: number | null;
  /** What was parsed, as it was named: URL, vendor reference or `file:` URL. */
  source: string;
  /** The vendor's whole parse result, in the result store. */
  stored: ResultRef;
}

export interface ExtractedDocument<T> {
  jobId: string;
  /** The plain value. Undefined under `results: 'stored'`, and under `'auto'` when it was too large: read `stored` then. */
  data: T;
  /** As the vendor gives them, when asked for in `options`. */
  citations?: JsonValue;
  stored: ResultRef;
}

export interface SplitDocument {
  jobId: string;
  /** Undefined under `results: 'stored'`, and under `'auto'` when there are too many: read `stored` then. */
  sections: Section[];
  stored: ResultRef;
}

export interface OtherResult {
  jobId: string;
  value?: JsonValue;
  stored: ResultRef;
}

/** The vendor's own body fields beside the neutral ones; a field set in both places is an error. */
export interface ParseRequest<P extends ProviderName> extends JobOptions {
  pages?: Pages;
  options?: ProviderOptions<P, 'parse'>;
}
export interface ExtractRequest<P extends ProviderName, S> extends JobOptions {
  /** JSON Schema of an object, or a schema object of zod, arktype, valibot that prints itself as one. */
  schema: S;
  pages?: Pages;
  options?: ProviderOptions<P, 'extract'>;
  /** Names the section that this extract is for, in status and receipt. */
  section?: string;
}
export interface SplitRequest<P extends ProviderName> extends JobOptions {
  sections: SectionSpec[];
  options?: ProviderOptions<P, 'split'>;
}
export interface RunRequest<P extends ProviderName, O extends Operation> extends JobOptions {
  /** URL, vendor reference or parsed document, as the operation takes it. */
  input: string | ParsedDocument;
  options?: ProviderOptions<P, O>;
}

/** Jobs of one document at one vendor. Every method resolves when the vendor's job has completed and its result is safe. */
export interface DocumentJobs<P extends ProviderName = ProviderName> {
  /** @param source https URL, vendor reference, or `file:` URL that the worker's source resolver accepts. */
  parse(source: string, request?: ParseRequest<P>): Promise<ParsedDocument>;
  /** `data` has the schema's type; it was checked against the JSON Schema on the worker (transforms and refinements don't run). */
  extract<S extends StandardJsonSchema>(
    parsed: ParsedDocument,
    request: ExtractRequest<P, S>,
  ): Promise<ExtractedDocument<SchemaOutput<S>>>;
  extract<T = JsonValue>(
    parsed: ParsedDocument,
    request: ExtractRequest<P, Record<string, unknown>>,
  ): Promise<ExtractedDocument<T>>;
  split(parsed: ParsedDocument, request: SplitRequest<P>): Promise<SplitDocument>;
  /** Operations that only some vendors have (`classify`, `edit`, `pipeline`, `tables`). */
  run<O extends ProviderOperation<P>>(operation: O, request: RunRequest<P, O>): Promise<OtherResult>;
  /** Waits for a job that was submitted elsewhere. From here on it is this workflow's: cancelling the workflow cancels it. */
  attach(job: Pick<JobRef, 'operation' | 'jobId'>, options?: JobOptions): Promise<CollectedResult>;
  /** Runs jobs side by side; the first failure cancels the rest at the vendor and is thrown when all have ended. */
  all: typeof all;
  /** For `submittedBefore` after continue-as-new. */
  submitted(): number;
}

/**
 * Document jobs for use inside any workflow. Throws typed document failures (see `isDocumentFailure`) and cancellations only.
 * @throws DocumentInputInvalid for options that are none.
 */
export function documentJobs<P extends ProviderName>(options: DocumentJobsOptions<P>): DocumentJobs<P> {
  const { provider, account = provider, deadline, submittedBefore = 0, ...defaults } = options;
  const fail = invalidInput(provider, account);
  const deadlineMs = duration('deadline', deadline, fail);
  const board = workflowBoard();
  board.startAt(submittedBefore);
  const shared = {
    provider,
    account,
    board,
    documentDeadlineMs: deadlineMs,
    documentDeadlineAt: deadlineMs === null ? null : Date.now() + deadlineMs,
    inlineBudget: { left: INLINE_BUDGET },
  };
  const contextOf = (call: JobOptions): JobContext => ({
    ...shared,
    options: resolveJobOptions({ ...defaults, ...call }, fail),
  });
  const run = <K extends CollectedResult['kind']>(
    call: JobOptions,
    request: OperationRequest,
    kind: K,
    about: { origin: string; pageCount?: number | null; section?: string | undefined },
  ): Promise<CompletedJob<K>> => {
    const { origin, pageCount = null, section } = about;
    const { input: _input, ...asked } = request;
    const ordinal = board.nextSubmit(JSON.stringify([account, origin, asked]));
    const job = { request, pageCount, origin, ordinal, ...(section === undefined ? {} : { section }) };
    return runJob(contextOf(call), job, kind);
  };

  return {
    async parse(source, request = {}) {
      if (typeof source !== 'string' || source.trim() === '') fail('source', 'expected a URL or a vendor reference');
      const { pages, options: vendor, ...call } = request;
      const input = await uploadIfNeeded(contextOf(call), source);
      const { jobId, result } = await run(call, { operation: 'parse', input, ...neutral({ pages, vendor }) }, 'parse', {
        origin: source,
      });
      const { reference, pageCount, stored } = result;
      return { provider, account, jobId, reference, pageCount, source, stored };
    },

    async extract<T>(parsed: ParsedDocument, request: ExtractRequest<P, StandardJsonSchema | Record<string, unknown>>) {
      const { schema, pages, options: vendor, section, ...call } = request;
      const asked: OperationRequest = {
        operation: 'extract',
        input: referenceOf(parsed),
        schema: toJsonSchema(schema, fail),
        ...neutral({ pages, vendor }),
      };
      const { jobId, result } = await run(call, asked, 'extract', { ...from(parsed), section });
      const { data, citations, stored } = result;
      return { jobId, data: data as T, ...(citations === undefined ? {} : { citations }), stored };
    },

    async split(parsed, request) {
      const { sections, options: vendor, ...call } = request;
      const asked: OperationRequest = {
        operation: 'split',
        input: referenceOf(parsed),
        sections,
        ...neutral({ vendor }),
      };
      const { jobId, result } = await run(call, asked, 'split', from(parsed));
      return { jobId, sections: result.sections as Section[], stored: result.stored };
    },

    async run(operation, request) {
      const { input, options: vendor, ...call } = request;
      if (NEUTRAL.has(operation)) fail('operation', `use docs.${String(operation)}(…)`);
      const reference = typeof input === 'string' ? await uploadIfNeeded(contextOf(call), input) : referenceOf(input);
      const about = typeof input === 'string' ? { origin: input } : from(input);
      const asked: OperationRequest = { operation, input: reference, ...neutral({ vendor }) };
      const { jobId, result } = await run(call, asked, 'other', about);
      return { jobId, ...(result.value === undefined ? {} : { value: result.value }), stored: result.stored };
    },

    attach: (job, call = {}) => attachJob(contextOf(call), { provider, account, ...job }),
    all,
    submitted: () => board.submitted,
  };

  function referenceOf(parsed: ParsedDocument): string {
    if (parsed?.provider !== provider) {
      fail('parsed', `expected a document parsed by ${provider}, got one parsed by ${String(parsed?.provider)}`);
    }
    return parsed.reference;
  }
}

/** Operations with a method of their own. */
const NEUTRAL = new Set<Operation>(['parse', 'extract', 'split']);

const from = ({ source, pageCount }: ParsedDocument): { origin: string; pageCount: number | null } => ({
  origin: source,
  pageCount,
});

function neutral(fields: { pages?: Pages | undefined; vendor?: unknown }): Partial<OperationRequest> {
  return {
    ...(fields.pages === undefined ? {} : { pages: fields.pages }),
    ...(fields.vendor === undefined ? {} : { options: fields.vendor as JsonObject }),
  };
}
