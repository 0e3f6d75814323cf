import { defined } from '../jobs/defined.js';
import type { JsonObject } from '../jobs/json.js';
import type { OperationRequest } from '../jobs/activities.js';
import type { CollectedResult, Pages, Section, SectionSpec } from '../jobs/types.js';
import type { ProviderName } from '../providers/types.js';
import { getProxy } from './activity-proxies.js';
import { all } from './all.js';
import { attachJob } from './attach-job.js';
import { workflowBoard } from './board.js';
import type { ExtractedDocument, ParsedDocument, SplitDocument } from './documents.js';
import { extractSections } from './extract-sections.js';
import type { JobContext } from './job-context.js';
import type { DocumentJobs, DocumentJobsOptions } from './document-jobs-interface.js';
import { duration, invalidInput, type JobOptions, resolveJobOptions } from './job-options.js';
import { isReferenceGone } from './repair.js';
import type { ExtractRequest, ExtractSectionsRequest, ParseRequest, SplitRequest } from './requests.js';
import { type CompletedJob, runJob } from './run-job.js';
import { type StandardJsonSchema, toJsonSchema } from './schema.js';
import { uploadIfNeeded } from './upload-if-needed.js';

/** 256 KiB of inline values a document, so that a workflow of many extracts stays far below Temporal's limits. */
const INLINE_BUDGET = 256 * 1024;

/**
 * Document jobs for use inside any workflow. Throws typed document failures (see `isDocumentFailure`) and cancellations only.
 * @throws DocumentInputInvalid for options that are none.
 */
export function documentJobs<P extends ProviderName>(options: DocumentJobsOptions<P>): DocumentJobs<P> {
  const { provider, account = provider, deadline, after, ...defaults } = options;
  const fail = invalidInput(provider, account);
  const ownMs = duration('deadline', deadline, fail);
  const own = ownMs === null ? undefined : { at: Date.now() + ownMs, limitMs: ownMs };
  const documentDeadline = after === undefined ? own : after.deadline;
  const board = workflowBoard();
  board.startAt(after?.submitted ?? 0);
  const shared = { provider, account, board, documentDeadline, inlineBudget: { left: INLINE_BUDGET } };
  const contextOf = (call: JobOptions): JobContext => ({
    ...shared,
    options: resolveJobOptions({ ...defaults, ...call }, fail),
  });

  const run = <K extends CollectedResult['kind']>(
    call: JobOptions,
    request: OperationRequest,
    { origin, pageCount = null, ...about }: JobAbout & { origin: string; pageCount?: number | null },
  ): Promise<CompletedJob<K>> => {
    const { input: _input, ...asked } = request;
    const number = board.nextSubmit(JSON.stringify([account, origin, asked]));
    return runJob<K>(contextOf(call), { ...number, request, pageCount, origin, ...defined(about) });
  };

  /** A job on parsed documents, or on those that take their place when the vendor has forgotten them. */
  const reuse = async <K extends CollectedResult['kind']>(
    call: JobOptions,
    parsed: ParsedDocument | ParsedDocument[],
    request: Omit<OperationRequest, 'input'>,
    about: JobAbout = {},
  ): Promise<CompletedJob<K>> => {
    const latest = (): ParsedDocument[] => ownDocuments(parsed).map((one) => board.repairs.latest(one));
    const use = (documents: ParsedDocument[]): Promise<CompletedJob<K>> => {
      const references = documents.map(({ reference }) => reference);
      const [first = ''] = references;
      const input = Array.isArray(parsed) ? references : first;
      return run<K>(call, { ...request, input }, { ...from(documents), ...about });
    };
    const documents = latest();
    try {
      return await use(documents);
    } catch (error) {
      if (!mayRepair(call, error)) throw error;
      for (const one of await forgotten(documents)) await board.repairs.repair(one, parseAgain);
      return use(latest());
    }
  };

  const mayRepair = (call: JobOptions, error: unknown): boolean =>
    contextOf(call).options.repair === 'once' && isReferenceGone(error);

  /** Of several, the vendor does not say which it has forgotten. */
  const forgotten = async (documents: ParsedDocument[]): Promise<ParsedDocument[]> => {
    if (documents.length === 1) return documents;
    const gone: ParsedDocument[] = [];
    for (const one of documents) {
      const job = { provider, account, operation: 'parse', jobId: one.jobId } as const;
      const { found } = await getProxy(contextOf({}).options, `parse ${one.jobId}: still there?`)({ job });
      if (!found) gone.push(one);
    }
    return gone;
  };

  const parseAgain = ({ source, request }: ParsedDocument): Promise<ParsedDocument> =>
    parse(source, request as ParseRequest<P> | undefined, { repair: true });

  async function parse(
    source: string | string[],
    { pages, options: vendor, ...call }: ParseRequest<P> = {},
    about: JobAbout = {},
  ): Promise<ParsedDocument> {
    if ([source].flat().some((one) => typeof one !== 'string' || one.trim() === '')) {
      fail('source', 'expected a URL or a vendor reference');
    }
    const input = await uploadIfNeeded(contextOf(call), source);
    const asked = neutral({ pages, vendor });
    const request: OperationRequest = { operation: 'parse', input, ...asked };
    const { jobId, result } = await run<'parse'>(call, request, { origin: originOf(source), ...about });
    const { reference, pageCount, stored } = result;
    return { provider, account, jobId, reference, pageCount, source, stored, request: asked };
  }

  async function split(
    parsed: ParsedDocument,
    { sections, options: vendor, ...call }: SplitRequest<P>,
    about: JobAbout = {},
  ): Promise<SplitDocument> {
    const asked = { sections, ...neutral({ vendor }) };
    const { jobId, result } = await reuse<'split'>(call, parsed, { operation: 'split', ...asked }, about);
    const { reference, stored } = result;
    const found = result.sections && withAbsent(result.sections, sections);
    return { jobId, sections: found as Section[], stored, request: asked, ...defined({ reference }) };
  }

  const docs: DocumentJobs<P> = {
    parse: (source, request) => parse(source, request),
    split: (parsed, request) => split(parsed, request),

    async extract<T>(
      parsed: ParsedDocument | ParsedDocument[],
      request: ExtractRequest<P, StandardJsonSchema | Record<string, unknown>>,
    ) {
      const { schema, pages, options: vendor, section, ...call } = request;
      const asked = {
        operation: 'extract',
        schema: toJsonSchema(schema, fail),
        ...neutral({ pages, vendor }),
      } as const;
      const { jobId, result } = await reuse<'extract'>(call, parsed, asked, { section });
      const { data, citations, stored } = result;
      return { jobId, data: data as T, stored, ...defined({ citations }) };
    },

    async extractSections<T>(
      parsed: ParsedDocument,
      found: SplitDocument,
      request: ExtractSectionsRequest<P, StandardJsonSchema | Record<string, unknown>>,
    ) {
      const { schema, options: vendor, onFailure = 'keep', ...call } = request;
      const printed = toJsonSchema(schema, fail);
      if (found.sections === undefined)
        fail('split', 'its sections are not inline: run the split with results "inline"');
      const bySplit = async (reference: string, names: string[]): Promise<CompletedJob<'extract'>> => {
        const sectionSchemas = Object.fromEntries(names.map((name) => [name, printed]));
        const ask = (input: string): Promise<CompletedJob<'extract'>> => {
          const asked: OperationRequest = { operation: 'extract', input, sectionSchemas, ...neutral({ vendor }) };
          return run<'extract'>(call, asked, from([parsed]));
        };
        try {
          return await ask(reference);
        } catch (error) {
          if (found.request === undefined || !mayRepair(call, error)) throw error;
          const again = await split(parsed, found.request as SplitRequest<P>, { repair: true });
          return ask(again.reference ?? reference);
        }
      };
      const byPages = ({ name, pages }: Section): Promise<ExtractedDocument<T>> =>
        docs.extract<T>(parsed, { ...call, ...defined({ options: vendor }), schema: printed, section: name, pages });
      return extractSections(found, { bySplit, byPages, onFailure, about: { provider, account } });
    },

    async run(operation, request) {
      const { input, options: vendor, ...call } = request;
      const asked = { operation, ...neutral({ vendor }) };
      const isSource = typeof input === 'string' || Array.isArray(input);
      const { jobId, result } = isSource
        ? await run<'other'>(
            call,
            { ...asked, input: await uploadIfNeeded(contextOf(call), input) },
            { origin: originOf(input) },
          )
        : await reuse<'other'>(call, input, asked);
      return { jobId, stored: result.stored, ...defined({ value: result.value }) };
    },

    attach: (job, { lease = true, ...call } = {}) => attachJob(contextOf(call), { provider, account, ...job }, lease),
    all,
    latest: (parsed) => board.repairs.latest(parsed),
    handOver: () => ({ submitted: board.submitted, ...defined({ deadline: documentDeadline }) }),
  };
  return docs;

  function ownDocuments(parsed: ParsedDocument | ParsedDocument[]): ParsedDocument[] {
    const documents = [parsed].flat();
    const other = documents.find((one) => one?.provider !== provider);
    if (other !== undefined || documents.length === 0) {
      fail('parsed', `expected a document parsed by ${provider}, got one parsed by ${String(other?.provider)}`);
    }
    return documents;
  }
}

/** What a job is for, beside its request. */
type JobAbout = { section?: string | undefined; repair?: true };

/** A vendor may leave out what it did not find. */
const withAbsent = (found: Section[], asked: SectionSpec[] = []): Section[] => [
  ...found,
  ...asked.filter(({ name }) => !found.some((one) => one.name === name)).map(({ name }) => ({ name, pages: [] })),
];

/** Names what was given, whatever uploads make of it. */
const originOf = (source: string | string[]): string => [source].flat().join('\n');

function from(documents: ParsedDocument[]): { origin: string; pageCount: number | null } {
  const pages = documents.reduce<number | null>(
    (sum, { pageCount }) => (sum === null || pageCount === null ? null : sum + pageCount),
    0,
  );
  return { origin: originOf(documents.flatMap(({ source }) => source)), pageCount: pages };
}

function neutral(fields: { pages?: Pages | undefined; vendor?: unknown }): { pages?: Pages; options?: JsonObject } {
  return defined({ pages: fields.pages, options: fields.vendor as JsonObject | undefined });
}
