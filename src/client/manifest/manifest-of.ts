import type { Footprint, FootprintJob, FootprintUpload } from '../../histories/footprint.js';
import { defined } from '../../jobs/defined.js';
import type { OperationRequest } from '../../jobs/activities.js';
import type { JsonObject } from '../../jobs/json.js';
import type { DocumentManifest, ManifestJob, ManifestRequest, ManifestSource } from '../../jobs/manifest.js';
import type { JobReceipt, Receipt, ResultRef } from '../../jobs/types.js';
import { canonicalJson, sha256Of } from '../canonical-json.js';
import { redactJson } from './redact-json.js';
import { parseUrl } from '../../jobs/parse-url.js';

export interface ManifestFacts {
  footprint: Footprint;
  /** Null when the workflow left none. */
  receipt: Receipt | null;
  library: DocumentManifest['library'];
}

/** The manifest of a document, of what its histories and its receipt tell. The same facts give the same manifest. */
export function manifestOf({ footprint, receipt, library }: ManifestFacts): DocumentManifest {
  const receipts = receipt?.jobs ?? [];
  const found = footprint.jobs.map((facts) =>
    jobOf(facts, receipts.find(({ jobId }) => jobId === facts.job.jobId) ?? null),
  );
  const known = new Set(footprint.jobs.map(({ job }) => job.jobId));
  const others = receipts.filter(({ jobId }) => jobId === null || !known.has(jobId)).map(ofReceiptAlone);
  const jobs = [...found, ...others].sort((a, b) => compare(timeOf(a), timeOf(b)) || compare(a.jobId, b.jobId));
  return {
    schemaVersion: 1,
    workflowId: footprint.workflowId,
    runId: footprint.runs[0]?.runId ?? '',
    sources: sourcesOf(footprint),
    jobs,
    receiptTotals: receipt && totalsOf(receipt),
    library,
  };
}

const totalsOf = ({ pages, credits, submits, reads }: Receipt) => ({ pages, credits, submits, reads });

/** The receipt knows more than the history where both tell: what was billed, and when the job ended. */
function jobOf(facts: FootprintJob, receipt: JobReceipt | null): ManifestJob {
  const { job, request, model, submittedAt, endedAt, outcome, usage, stored } = facts;
  return {
    ...job,
    ...(receipt && submitFactsOf(receipt)),
    submittedAt: submittedAt ?? receipt?.submittedAt ?? null,
    endedAt: receipt?.endedAt ?? endedAt,
    outcome: receipt?.outcome ?? outcome,
    request: request && requestOf(request),
    model,
    pages: receipt?.pages ?? usage?.pages ?? null,
    credits: receipt?.credits ?? usage?.credits ?? null,
    result: resultOf(receipt?.stored ?? stored),
  };
}

function ofReceiptAlone(receipt: JobReceipt): ManifestJob {
  const { operation, jobId, submittedAt, endedAt, outcome, pages, credits, stored } = receipt;
  const unknown = { provider: null, account: null, request: null, model: null };
  const result = resultOf(stored ?? null);
  return {
    ...unknown,
    operation,
    jobId,
    submittedAt,
    endedAt,
    outcome,
    pages,
    credits,
    result,
    ...submitFactsOf(receipt),
  };
}

const submitFactsOf = ({ section, submits, adopted, resubmit, repair }: JobReceipt) =>
  defined({ section, submits, adopted, resubmit, repair });

function resultOf(stored: ResultRef | null): ManifestJob['result'] {
  const list = stored?.assets?.list;
  return stored && { ...digestOf(stored), ...(list && { assets: digestOf(list) }) };
}

const digestOf = ({ key, size, sha256 }: Pick<ResultRef, 'key' | 'size' | 'sha256'>) => ({ key, size, sha256 });

function requestOf({ pages, schema, sectionSchemas, sections, options = {} }: OperationRequest): ManifestRequest {
  const asked = schema ?? sectionSchemas;
  return {
    ...defined({
      pages,
      schemaSha256: asked && sha256Of(canonicalJson(asked)),
      sectionsSha256: sections && sha256Of(canonicalJson(sections)),
    }),
    options: redactJson(options) as JsonObject,
  };
}

/** Documents that were parsed, as the user named them; what only reuses a parsed document names the same. */
function sourcesOf({ jobs, uploads }: Footprint): ManifestSource[] {
  const names = jobs.flatMap(({ origin }) => origin?.split('\n') ?? []);
  return [...new Set(names)].map((name) => sourceOf(name, uploads));
}

function sourceOf(name: string, uploads: readonly FootprintUpload[]): ManifestSource {
  const sha256 = uploads.find(({ source, sha256: hash }) => source === name && hash !== null)?.sha256;
  if (sha256 != null) return { kind: 'file', sha256 };
  if (/^https?:/i.test(name)) return { kind: 'url', urlSha256: sha256Of(bareUrl(name)) };
  return { kind: 'reference', referenceSha256: sha256Of(name) };
}

/** A signature is another for each day, and what it opens is nobody's business. */
function bareUrl(name: string): string {
  const url = parseUrl(name);
  if (url === null) return name.replace(/[?#].*$/s, '');
  const { protocol, host, pathname } = url;
  return `${protocol}//${host}${pathname}`;
}

const timeOf = ({ submittedAt }: ManifestJob): string => submittedAt ?? '';

const compare = (a: string | null, b: string | null): number => ((a ?? '') < (b ?? '') ? -1 : a === b ? 0 : 1);
