import type { TemporalFlags } from '../connect.js';
import { temporalArguments } from '../follow-command.js';
import { shellWord } from '../shell-word.js';
import { batchCommandText } from './batch-text.js';
import type { BatchLabel } from './batch-view.js';

/** The flags that lead other commands to the same Temporal and result store. */
export interface PlaceFlags extends TemporalFlags {
  results?: string;
}

/** Subcommands that read the record. */
const READS_RECORD = new Set(['rows', 'redrive']);

export function placeArguments(flags: PlaceFlags): string[] {
  return [...temporalArguments(flags), ...(flags.results === undefined ? [] : ['--results', flags.results])];
}

export function batchLabel(
  workflowId: string,
  flags: PlaceFlags,
  { label = workflowId, sandbox }: { label?: string; sandbox: boolean },
): BatchLabel {
  const command = ([name = '', ...words]: string[]): string => {
    const place = READS_RECORD.has(name) ? placeArguments(flags) : temporalArguments(flags);
    return batchCommandText([name, workflowId, ...words], place);
  };
  return { workflowId, label, sandbox, command };
}

/** The command that a user types to follow a batch. */
export const followBatchText = (workflowId: string, flags: PlaceFlags): string =>
  ['docjobs', 'follow', workflowId, ...placeArguments(flags)].map(shellWord).join(' ');
