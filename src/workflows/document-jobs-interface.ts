import type { JsonValue } from '../jobs/json.js';
import type { CollectedResult, JobRef } from '../jobs/types.js';
import type { ProviderName, ProviderOperation } from '../providers/types.js';
import type { all } from './all.js';
import type { ExtractedDocument, ExtractedSection, OtherResult, ParsedDocument, SplitDocument } from './documents.js';
import type { JobOptions } from './job-options.js';
import type { ExtractRequest, ExtractSectionsRequest, ParseRequest, RunRequest, SplitRequest } from './requests.js';
import type { SchemaOutput, StandardJsonSchema } from './schema.js';

export interface DocumentJobsOptions<P extends ProviderName = ProviderName> extends JobOptions {
  /** The vendor. The account on the worker must be one of this vendor's. */
  provider: P;
  /** Account name on the worker. Default: the provider's name. */
  account?: string;
  /** Limit for everything done through this object, from now: ms or a string such as `1 hour`. Default none. */
  deadline?: number | string;
  /** After continue-as-new: what `handOver()` returned before it. Its deadline goes on; `deadline` counts for a first run only. */
  after?: HandOver;
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
  /**
   * Waits for a job that was submitted elsewhere. From here on it is this workflow's: cancelling the workflow cancels it. A lease keeps the
   * reaper from taking it for an orphan when the workflow that submitted it has ended; the worker needs our `documentJobLease` for that.
   */
  attach(job: Pick<JobRef, 'operation' | 'jobId'>, options?: AttachOptions): Promise<CollectedResult>;
  /** Runs jobs side by side; the first failure cancels the rest at the vendor and is thrown when all have ended. */
  all: typeof all;
  /** The parsed document, or the one that took its place after a repair: what to keep for later. */
  latest(parsed: ParsedDocument): ParsedDocument;
  /** What the next run needs to know after continue-as-new, for `documentJobs({ after })`. Plain JSON: pass it on in the run's arguments. */
  handOver(): HandOver;
}

export interface AttachOptions extends JobOptions {
  /** Default true. False where the job was not submitted by a workflow of this package, or the worker has no `documentJobLease`. */
  lease?: boolean;
}

/** What one run of a workflow leaves to the next. */
export interface HandOver {
  /** Submits asked for so far: no two of a workflow share a marker. */
  submitted: number;
  /** The document's deadline, which a new run does not start anew. Absent: none. */
  deadline?: { at: number; limitMs: number };
}
