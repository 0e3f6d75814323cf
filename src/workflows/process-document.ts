import { isCancellation, upsertMemo } from '@temporalio/workflow';
import { checkProcessDocumentInput } from '../jobs/check-input.js';
import { findDocumentFailure } from '../jobs/failures.js';
import { RECEIPT_MEMO } from '../jobs/names.js';
import type {
  DocumentFailureReport,
  ExtractOutcome,
  ProcessDocumentInput,
  ProcessDocumentResult,
} from '../jobs/process-document.js';
import { sumReceipt } from '../jobs/receipt.js';
import type { Operation, Section } from '../jobs/types.js';
import type { ProviderName } from '../providers/types.js';
import { workflowBoard } from './board.js';
import { documentJobs, type ParsedDocument } from './document-jobs.js';
import { invalidInput } from './job-options.js';

const DEFAULT_DEADLINE = '12 hours';

/** Parses a document once, then splits and extracts side by side from the parsed document. */
export async function processDocument(input: ProcessDocumentInput): Promise<ProcessDocumentResult> {
  const provider = input?.provider ?? 'reducto';
  const account = input?.account ?? provider;
  const problem = checkProcessDocumentInput(input);
  if (problem !== null) invalidInput(provider, account)(problem.field, problem.reason);
  const board = workflowBoard();
  board.showDetails();
  try {
    return await run(input, provider, account);
  } catch (error) {
    // Neither a cancelled nor a failed workflow has a result to carry the receipt.
    upsertMemo({ [RECEIPT_MEMO]: sumReceipt(board.receipts) });
    throw error;
  }
}

async function run(input: ProcessDocumentInput, provider: string, account: string): Promise<ProcessDocumentResult> {
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
  const parsed = await docs.parse(source, { ...(input.pages && { pages: input.pages }), ...vendor(options.parse) });

  const failures: DocumentFailureReport[] = [];
  const errors: unknown[] = [];
  let succeeded = 0;
  const report = async <T>(operation: Operation, job: Promise<T>, section?: string): Promise<T | undefined> => {
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
        ...(section === undefined ? {} : { section }),
        ...(jobId === undefined ? {} : { jobId }),
        type: failure.type,
        message: failure.message,
      });
      return undefined;
    }
  };
  const extractOne = async (section?: Section): Promise<ExtractOutcome> => {
    const { jobId, data, citations, stored } = await docs.extract(parsed, {
      schema: schema ?? {},
      ...vendor(options.extract),
      ...(section && { section: section.name, pages: section.pages }),
    });
    return {
      jobId,
      ...(data === undefined ? {} : { data }),
      ...(citations === undefined ? {} : { citations }),
      stored,
    };
  };
  const whole = schema !== undefined && input.extractPerSection !== true;
  const [extract, split] = await docs.all([
    async () => (whole ? report('extract', extractOne()) : undefined),
    async () => {
      if (sections === undefined) return undefined;
      const inline = input.extractPerSection === true ? { results: 'inline' as const } : {};
      const found = await report('split', docs.split(parsed, { sections, ...inline, ...vendor(options.split) }));
      if (found === undefined || input.extractPerSection !== true) return found;
      const withExtracts = found.sections.map((section) => async () => {
        if (section.pages.length === 0) return section;
        const extracted = await report('extract', extractOne(section), section.name);
        return extracted === undefined ? section : { ...section, extract: extracted };
      });
      return { ...found, sections: await docs.all(withExtracts) };
    },
  ]);

  if (errors.length > 0 && succeeded === 0) throw errors[0];
  return {
    schemaVersion: 1,
    provider,
    account,
    status: failures.length === 0 ? 'complete' : 'partial',
    parsed: parsedOutcome(parsed),
    ...(extract === undefined ? {} : { extract }),
    ...(split === undefined ? {} : { split }),
    failures,
    receipt: sumReceipt(workflowBoard().receipts),
  };
}

function parsedOutcome({ jobId, reference, pageCount, stored }: ParsedDocument): ProcessDocumentResult['parsed'] {
  return { jobId, reference, pageCount, stored };
}

/** The fields of the input that are job options too, without the absent ones. */
function jobOptions(input: ProcessDocumentInput) {
  const { jobDeadline, maxResubmits, onUnknownSubmit, polling, taskQueue } = input;
  return {
    ...(jobDeadline === undefined ? {} : { jobDeadline }),
    ...(maxResubmits === undefined ? {} : { maxResubmits }),
    ...(onUnknownSubmit === undefined ? {} : { onUnknownSubmit }),
    ...(polling === undefined ? {} : { polling }),
    ...(taskQueue === undefined ? {} : { taskQueue }),
  };
}

/** Options from outside are checked by the provider on the worker, not by the compiler. */
function vendor(options: object | undefined): { options?: object } {
  return options === undefined ? {} : { options };
}
