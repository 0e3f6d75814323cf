import { spawn } from 'node:child_process';
import type { TemporalFlags } from './connect.js';
import { ENTRY } from './entry.js';
import { shellWord } from './shell-word.js';

/** The arguments that bring a command back to the same Temporal. */
export function temporalArguments(flags: TemporalFlags): string[] {
  const { address, namespace, profile, state } = flags;
  return Object.entries({ address, namespace, profile, state }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
}

/** The command that a user types to follow a document. */
export function followCommandText(flags: TemporalFlags, workflowId: string): string {
  return ['docjobs', 'follow', workflowId, ...temporalArguments(flags)].map(shellWord).join(' ');
}

/** Hands a document or a batch over to a background process, whose worker goes on with it until it has ended. */
export function followInBackground(flags: TemporalFlags, workflowId: string, results?: string): void {
  const store = results === undefined ? [] : ['--results', results];
  const argv = [ENTRY, 'follow', workflowId, '--json', ...temporalArguments(flags), ...store];
  spawn(process.execPath, argv, { detached: true, stdio: 'ignore' }).unref();
}
