// What the kit's worker runs: the package's own workflows, and one job of any operation by the way that users take.
import { sleep } from '@temporalio/workflow';
import type { JsonObject, JsonSchema } from '../../jobs/json.js';
import type { Operation, ResultRef, Section, SectionSpec } from '../../jobs/types.js';
import type { ProviderName } from '../../providers/types.js';
import { type JobOptions, documentJobs } from '../../workflows/index.js';

export * from '../../workflows/index.js';

/** What a case asks of an operation. */
export interface OperationAsk {
  /** Extract. */
  schema?: JsonSchema;
  /** Split. */
  sections?: SectionSpec[];
  /** The vendor's own fields. */
  options?: JsonObject;
  /** Operations beyond: whether they take the document itself (default) or the parsed one. */
  from?: 'document' | 'parsed';
}

export interface CaseInput {
  provider: string;
  account: string;
  operation: Operation;
  source: string;
  ask: OperationAsk;
  options: JobOptions;
  /** Ask for the finished job's result once more after so long, ms, under an account that has not stored it. */
  againAfterMs?: number;
}

export interface CaseValue {
  jobId?: string;
  stored: ResultRef;
  reference?: string;
  pageCount?: number | null;
  data?: unknown;
  sections?: Section[];
  value?: unknown;
}

export async function conformanceCase(input: CaseInput): Promise<CaseValue> {
  const done = await runOperation(input);
  const { provider, account, operation, options, againAfterMs } = input;
  if (againAfterMs === undefined) return done;
  // In here, because the test environment's time may jump by years once a workflow has ended.
  await sleep(againAfterMs);
  const late = documentJobs({ provider: provider as ProviderName, account: `${account}-late`, ...options });
  return late.attach({ operation, jobId: done.jobId ?? '' });
}

async function runOperation({ provider, account, operation, source, ask, ...input }: CaseInput): Promise<CaseValue> {
  // Which vendor it is is a matter of the account: types don't help here.
  const docs = documentJobs({ provider: provider as ProviderName, account, ...input.options });
  const options = ask.options === undefined ? {} : { options: ask.options as never };
  if (operation === 'parse') return docs.parse(source, options);
  const beyond = operation !== 'extract' && operation !== 'split';
  if (beyond && ask.from !== 'parsed') return docs.run(operation as never, { input: source, ...options });
  const parsed = await docs.parse(source);
  if (beyond) return docs.run(operation as never, { input: parsed, ...options });
  if (operation === 'extract') return docs.extract(parsed, { schema: ask.schema ?? {}, ...options });
  return docs.split(parsed, { sections: ask.sections ?? [], ...options });
}
