import { defined } from '../jobs/defined.js';
import type { JsonObject, JsonValue } from '../jobs/json.js';
import type { OperationRequest } from '../jobs/activities.js';
import type { CollectedResult, JobRef, Pages, Section, SectionSpec } from '../jobs/types.js';
import type { ProviderName, ProviderOperation } from '../providers/types.js';
import { all } from './all.js';
import { attachJob } from './attach-job.js';
import { workflowBoard } from './board.js';
import type { ExtractedDocument, ExtractedSection, OtherResult, ParsedDocument, SplitDocument } from './documents.js';
import { extractSections } from './extract-sections.js';
import type { JobContext } from './job-context.js';
import { duration, invalidInput, type JobOptions, resolveJobOptions } from './job-options.js';
import type { ExtractRequest, ExtractSectionsRequest, ParseRequest, RunRequest, SplitRequest } from './requests.js';
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

/** Jobs of one document at one vendor. Every method resolves when the vendor's job has completed and its result is safe. */
export interface DocumentJobs<P extends ProviderName = ProviderName> {
  /**
   * @param source https URL, vendor reference, or `file:` URL that the worker's source resolver accepts; a list of them to have several
   * documents parsed as one, where the vendor does that.
   */
  parse(source: string | string[], request?: ParseRequest<P>): Promise<ParsedDocument>;
  /**
   * `data` has the schema's type; it was checked against the JSON Schema on the worker (transforms and refinements don't run).
   * @param parsed a list to extract one value from several documents.
   */
  extract<S extends StandardJsonSchema>(
    parsed: ParsedDocument | ParsedDocument[],
    request: ExtractRequest<P, S>,
  ): Promise<ExtractedDocument<SchemaOutput<S>>>;
  extract<T = JsonValue>(
    parsed: ParsedDocument | ParsedDocument[],
    request: ExtractRequest<P, Record<string, unknown>>,
  ): Promise<ExtractedDocument<T>>;
  split(parsed: ParsedDocument, request: SplitRequest<P>): Promise<SplitDocument>;
  /**
   * One value for each section of a split that has pages: in one job where the vendor can, else by one job a section, side by side.
   * @returns every section, with its value or why it has none.
   */
  extractSections<S extends StandardJsonSchema>(
    parsed: ParsedDocument,
    split: SplitDocument,
    request: ExtractSectionsRequest<P, S>,
  ): Promise<ExtractedSection<SchemaOutput<S>>[]>;
  extractSections<T = JsonValue>(
    parsed: ParsedDocument,
    split: SplitDocument,
    request: ExtractSectionsRequest<P, Record<string, unknown>>,
  ): Promise<ExtractedSection<T>[]>;
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
    about: { origin: string; pageCount?: number | null; section?: string | undefined },
  ): Promise<CompletedJob<K>> => {
    const { origin, pageCount = null, section } = about;
    const { input: _input, ...asked } = request;
    const number = board.nextSubmit(JSON.stringify([account, origin, asked]));
    const job = { ...number, request, pageCount, origin, ...defined({ section }) };
    return runJob<K>(contextOf(call), job);
  };

  const docs: DocumentJobs<P> = {
    async parse(source, request = {}) {
      if ([source].flat().some((one) => typeof one !== 'string' || one.trim() === '')) {
        fail('source', 'expected a URL or a vendor reference');
      }
      const { pages, options: vendor, ...call } = request;
      const input = await uploadIfNeeded(contextOf(call), source);
      const { jobId, result } = await run<'parse'>(
        call,
        { operation: 'parse', input, ...neutral({ pages, vendor }) },
        {
          origin: originOf(source),
        },
      );
      const { reference, pageCount, stored } = result;
      return { provider, account, jobId, reference, pageCount, source, stored };
    },

    async extract<T>(
      parsed: ParsedDocument | ParsedDocument[],
      request: ExtractRequest<P, StandardJsonSchema | Record<string, unknown>>,
    ) {
      const { schema, pages, options: vendor, section, ...call } = request;
      const asked: OperationRequest = {
        operation: 'extract',
        input: referenceOf(parsed),
        schema: toJsonSchema(schema, fail),
        ...neutral({ pages, vendor }),
      };
      const { jobId, result } = await run<'extract'>(call, asked, { ...from(parsed), section });
      const { data, citations, stored } = result;
      return { jobId, data: data as T, stored, ...defined({ citations }) };
    },

    async split(parsed, request) {
      const { sections, options: vendor, ...call } = request;
      const asked: OperationRequest = {
        operation: 'split',
        input: referenceOf(parsed),
        sections,
        ...neutral({ vendor }),
      };
      const { jobId, result } = await run<'split'>(call, asked, from(parsed));
      const { reference, stored } = result;
      const found = result.sections && withAbsent(result.sections, sections);
      return { jobId, sections: found as Section[], stored, ...defined({ reference }) };
    },

    async extractSections<T>(
      parsed: ParsedDocument,
      split: SplitDocument,
      request: ExtractSectionsRequest<P, StandardJsonSchema | Record<string, unknown>>,
    ) {
      const { schema, options: vendor, onFailure = 'keep', ...call } = request;
      const printed = toJsonSchema(schema, fail);
      if (split.sections === undefined)
        fail('split', 'its sections are not inline: run the split with results "inline"');
      const bySplit = async (input: string, names: string[]): Promise<CompletedJob<'extract'>> => {
        const sectionSchemas = Object.fromEntries(names.map((name) => [name, printed]));
        const asked: OperationRequest = { operation: 'extract', input, sectionSchemas, ...neutral({ vendor }) };
        return run<'extract'>(call, asked, from(parsed));
      };
      const byPages = ({ name, pages }: Section): Promise<ExtractedDocument<T>> =>
        docs.extract<T>(parsed, { ...call, ...defined({ options: vendor }), schema: printed, section: name, pages });
      return extractSections(split, { bySplit, byPages, onFailure, about: { provider, account } });
    },

    async run(operation, request) {
      const { input, options: vendor, ...call } = request;
      const isSource = typeof input === 'string' || Array.isArray(input);
      const reference = isSource ? await uploadIfNeeded(contextOf(call), input) : referenceOf(input);
      const about = isSource ? { origin: originOf(input) } : from(input);
      const asked: OperationRequest = { operation, input: reference, ...neutral({ vendor }) };
      const { jobId, result } = await run<'other'>(call, asked, about);
      return { jobId, stored: result.stored, ...defined({ value: result.value }) };
    },

    attach: (job, call = {}) => attachJob(contextOf(call), { provider, account, ...job }),
    all,
    submitted: () => board.submitted,
  };
  return docs;

  function referenceOf(parsed: ParsedDocument | ParsedDocument[]): string | string[] {
    if (Array.isArray(parsed)) return parsed.map((one) => referenceOf(one) as string);
    if (parsed?.provider !== provider) {
      fail('parsed', `expected a document parsed by ${provider}, got one parsed by ${String(parsed?.provider)}`);
    }
    return parsed.reference;
  }
}

/** A vendor may leave out what it did not find. */
const withAbsent = (found: Section[], asked: SectionSpec[] = []): Section[] => [
  ...found,
  ...asked.filter(({ name }) => !found.some((one) => one.name === name)).map(({ name }) => ({ name, pages: [] })),
];

/** Names what was given, whatever uploads make of it. */
const originOf = (source: string | string[]): string => [source].flat().join('\n');

function from(parsed: ParsedDocument | ParsedDocument[]): { origin: string; pageCount: number | null } {
  const list = [parsed].flat();
  const pages = list.reduce<number | null>(
    (sum, { pageCount }) => (sum === null || pageCount === null ? null : sum + pageCount),
    0,
  );
  return { origin: originOf(list.flatMap(({ source }) => source)), pageCount: pages };
}

function neutral(fields: { pages?: Pages | undefined; vendor?: unknown }): Partial<OperationRequest> {
  return defined({ pages: fields.pages, options: fields.vendor as JsonObject | undefined });
}
