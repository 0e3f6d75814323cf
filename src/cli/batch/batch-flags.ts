import { type Command, Option } from 'commander';
import type { BatchBudget, BatchRowState, BatchSelection } from '../../jobs/batch.js';
import { usageError } from '../cli-error.js';
import { PROVIDER_NAMES } from '../accounts.js';
import { DEFAULT_PROVIDER } from '../../providers/types.js';
import type { VendorFlags } from '../find-vendor.js';
import { durationArgument, jsonFlag, positiveArgument, repeated, resultsFlag, wholeArgument } from '../flags.js';
import type { RequestFlags } from '../prepare-documents.js';
import { STATES } from './batch-text.js';

export interface BatchFlags extends VendorFlags, RequestFlags, BudgetFlags {
  provider: string;
  format?: 'jsonl' | 'csv';
  allow: string[];
  window?: number;
  rate?: number;
  paused?: true;
  plan?: true;
  rates?: string;
  out?: string;
  detach?: true;
  json?: true;
  workflowType?: string;
  taskQueue?: string;
  results?: string;
}

export interface BudgetFlags {
  maxCredits?: number;
  maxPages?: number;
  onBudget?: 'ask' | 'stop';
}

/** What starts a batch. */
export function batchFlags(command: Command): Command {
  command
    .option('--provider <name>', `vendor: ${PROVIDER_NAMES.join(' | ')}`, DEFAULT_PROVIDER)
    .option('--account <name>', "account on the worker (default: the provider's name)")
    .option('--schema <file.json>', 'JSON Schema of the values to extract')
    .option('--split <file.json>', 'sections to look for: [{"name", "description"}, …]')
    .option('--options <file.json>', `vendor's own options: {"parse"?: {…}, "extract"?: {…}, "split"?: {…}}`)
    .option('--deadline <duration>', 'limit for a document, such as 8s, 30m or 12h (default: 12h)', durationArgument)
    .option('--copy-assets', 'keep the files that results name by URL, too')
    .addOption(new Option('--format <name>', 'of a manifest whose name does not tell').choices(['jsonl', 'csv']))
    .option('--allow <dir>', 'folder of local documents that the manifest may name; may be repeated', repeated, [])
    .option('--window <count>', 'documents under way at once (default: 200; 100 on the embedded server)', wholeArgument)
    .option('--rate <count>', 'documents started a second (default: 20; 10 on the embedded server)', positiveArgument);
  return budgetFlags(command)
    .option('--paused', 'start paused')
    .option('--plan', 'only print the forecast: nothing is started, no vendor is asked')
    .option(
      '--rates <file.json>',
      'your rate card: {"creditsPerPage": {"parse": 1, …}, "pricePerCredit"?, "currency"?}',
    )
    .option('--out <file>', 'write the record there when the batch has ended: .jsonl or .csv')
    .option('--workflow-id <id>', 'id of the batch (default: from manifest, operations, options and account)')
    .option('--force', 'process and pay everything again although it was done before')
    .option('--detach', "start and don't wait")
    .addOption(jsonFlag())
    .option('--sandbox', 'let the local stand-in do the work, not the vendor')
    .option('--speed <factor>', 'with --sandbox: how much faster its jobs run', positiveArgument)
    .option('--workflow-type <name>', 'name under which your worker has processBatch')
    .option('--task-queue <name>', "the worker's task queue (default: document-jobs)")
    .addOption(resultsFlag());
}

export const budgetFlags = (command: Command): Command =>
  command
    .option('--max-credits <count>', 'start nothing more when ended documents have cost so much', positiveArgument)
    .option('--max-pages <count>', 'the same, in pages', positiveArgument)
    .addOption(
      new Option('--on-budget <what>', 'then wait for "docjobs batch budget", or end (default: ask)').choices([
        'ask',
        'stop',
      ]),
    );

/** @returns null when no limit was given. @throws usage error for `--on-budget` without one. */
export function budgetOf({ maxCredits, maxPages, onBudget }: BudgetFlags): BatchBudget | null {
  if (maxCredits === undefined && maxPages === undefined) {
    if (onBudget !== undefined) throw usageError('--on-budget needs a budget: add --max-credits or --max-pages');
    return null;
  }
  return {
    ...(maxCredits === undefined ? {} : { credits: maxCredits }),
    ...(maxPages === undefined ? {} : { pages: maxPages }),
    ...(onBudget === undefined ? {} : { then: onBudget }),
  };
}

export interface SelectionFlags {
  only: BatchRowState[];
  error: string[];
}

/** Which rows of a record. `--state` is the folder of the embedded server, as everywhere. */
export const selectionFlags = (command: Command): Command =>
  command
    .option(
      '--only <states>',
      `states, with commas: ${STATES.map(([state]) => state).join(', ')}; unfinished = all but done`,
      statesArgument,
      [],
    )
    .option('--error <type>', 'error type, such as DocumentJobFailed; may be repeated', repeated, []);

function statesArgument(text: string, previous: BatchRowState[]): BatchRowState[] {
  const words = text.split(',').map((word) => word.trim().replaceAll('-', '_'));
  const known = STATES.map(([state]) => state);
  return words.reduce((chosen, word) => {
    const added = word === 'unfinished' ? known.slice(1) : known.filter((state) => state === word);
    if (added.length === 0) throw usageError(`--only ${word}: there is ${known.join(', ')} and unfinished`);
    return [...chosen, ...added];
  }, previous);
}

/** Leaves out what selects nothing. */
export const selectionOf = ({ only, error }: SelectionFlags): BatchSelection => ({
  ...(only.length === 0 ? {} : { states: only }),
  ...(error.length === 0 ? {} : { errors: error }),
});
