import { isCancellation, upsertMemo } from '@temporalio/workflow';
import { defined } from '../jobs/defined.js';
import { checkProcessDocumentInput } from '../jobs/check-input.js';
import { findDocumentFailure } from '../jobs/failures.js';
import { RECEIPT_MEMO } from '../jobs/names.js';
import type {
  DocumentFailureReport,
  ExtractOutcome,
  ProcessDocumentInput,
  ProcessDocumentResult,
} from '../jobs/process-document.js';
import type { JsonValue } from '../jobs/json.js';
import { sumReceipt } from '../jobs/receipt.js';
import type { Operation } from '../jobs/types.js';
import { DEFAULT_PROVIDER, type ProviderName } from '../providers/types.js';
import { workflowBoard } from './board.js';
import { documentJobs } from './document-jobs.js';
import type { ExtractedDocument, ParsedDocument } from './documents.js';
import { invalidInput } from './job-options.js';

const DEFAULT_DEADLINE = '12 hours';

/** Parses a document once, then splits and extracts side by side from the parsed document. */
export async function processDocument(input: ProcessDocumentInput): Promise<ProcessDocumentResult> {
  return runDocument(input);
}

/** What a document has come to so far, for whoever has to report its failure. */
export interface DocumentLife {
  /** The parse, once there is one: the latest, after a repair. */
  parsed?: () => ParsedDocument;
}

/** The life of one document, in a workflow of its own. @param life is told how far it has come. */
export async function runDocument(
  input: ProcessDocumentInput,
  life: DocumentLife = {},
): Promise<ProcessDocumentResult> {
  const provider = input?.provider ?? DEFAULT_PROVIDER;
  const account = input?.account ?? provider;
  const board = workflowBoard();
  board.showDetails();
  const fail = invalidInput(provider, account);
  const problem = checkProcessDocumentInput(input);
  if (problem !== null) fail(problem.field, problem.reason);
  const { parsed } = input;
  if (parsed !== undefined && (parsed.provider !== provider || parsed.account !== account)) {
    fail('parsed', `expected a parse of ${account} at ${provider}, got one of ${parsed.account} at ${parsed.provider}`);
  }
  try {
    return await run(input, provider, account, life);
  } catch (error) {
    // Neither a cancelled nor a failed workflow has a result to carry the receipt.
    upsertMemo({ [RECEIPT_MEMO]: sumReceipt(board.receipts) });
    throw error;
  }
}

async function run(
  input: ProcessDocumentInput,
  provider: string,
  account: string,
  life: DocumentLife,
): Promise<ProcessDocumentResult> {
  const {
    source,
    schema,
    sections,
    deadline = DEFAULT_DEADLINE,
    results = 'auto',
    options = {},
    onFailure = 'keep',
  } = input;
  const docs = documentJobs({
    ...jobOptions(input),
    // The account's provider decides what is possible; here it is a name like any other.
    provider: provider as ProviderName,
    account,
    deadline,
    results,
  });
  const asked = defined({ pages: input.pages, options: options.parse });
  const parsed =
    input.parsed === undefined ? await docs.parse(source, asked) : { ...input.parsed, source, request: asked };
  life.parsed = () => docs.latest(parsed);

  const failures: DocumentFailureReport[] = [];
  const errors: unknown[] = [];
  let succeeded = 0;
  const report = async <T>(operation: Operation, job: Promise<T>): Promise<T | undefined> => {
    try {
      const value = await job;
      succeeded++;
      return value;
    } catch (error) {
      if (onFailure === 'cancel' || isCancellation(error)) throw error;
      const failure = findDocumentFailure(error);
      if (failure === undefined) throw error;
      errors.push(error);
      const jobId = failure.details.jobId;
      failures.push({
        operation,
        ...defined({ jobId }),
        type: failure.type,
        message: failure.message,
      });
      return undefined;
    }
  };
  const whole = schema !== undefined && input.extractPerSection !== true;
  const [extract, split] = await docs.all([
    async () => {
      if (!whole) return undefined;
      const extracted = await report(
        'extract',
        docs.extract(parsed, { schema, ...defined({ options: options.extract }) }),
      );
      return extracted === undefined ? undefined : extractOutcome(extracted);
    },
    async () => {
      if (sections === undefined) return undefined;
      const inline = input.extractPerSection === true ? { results: 'inline' as const } : {};
      const found = await report(
        'split',
        docs.split(parsed, { sections, ...inline, ...defined({ options: options.split }) }),
      );
      if (found === undefined) return undefined;
      const { request: _request, ...outcome } = found;
      if (input.extractPerSection !== true) return outcome;
      const each = { schema: schema ?? {}, onFailure, ...defined({ options: options.extract }) };
      const extracted = await docs.extractSections(parsed, found, each);
      for (const { name, failure } of extracted) {
        if (failure !== undefined) failures.push({ operation: 'extract', section: name, ...failure });
      }
      const withExtracts = extracted.map(({ name, pages, extract: value }) => ({
        name,
        pages,
        ...defined({ extract: value && extractOutcome(value) }),
      }));
      return { ...outcome, sections: withExtracts };
    },
  ]);

  if (errors.length > 0 && succeeded === 0) throw errors[0];
  return {
    schemaVersion: 1,
    provider,
    account,
    status: failures.length === 0 ? 'complete' : 'partial',
    parsed: parsedOutcome(docs.latest(parsed)),
    ...defined({ extract, split }),
    failures,
    receipt: sumReceipt(workflowBoard().receipts),
  };
}

/** Undefined fields would stand in history as nulls. */
function extractOutcome({ jobId, data, citations, stored }: ExtractedDocument<JsonValue>): ExtractOutcome {
  return { jobId, stored, ...defined({ data, citations }) };
}

function parsedOutcome({ jobId, reference, pageCount, stored }: ParsedDocument): ProcessDocumentResult['parsed'] {
  return { jobId, reference, pageCount, stored };
}

/** The fields of the input that are job options too, without the absent ones. */
function jobOptions(input: ProcessDocumentInput) {
  const { jobDeadline, copyAssets, webhooks, maxResubmits, onUnknownSubmit, repair, onRefusedKey, polling, taskQueue } =
    input;
  return defined({
    jobDeadline,
    copyAssets,
    webhooks,
    maxResubmits,
    onUnknownSubmit,
    repair,
    onRefusedKey,
    polling,
    taskQueue,
  });
}
