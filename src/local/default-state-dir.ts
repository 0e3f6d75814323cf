import { homedir } from 'node:os';
import { join } from 'node:path';

/** `$XDG_STATE_HOME/temporal-document-jobs`, by default in `~/.local/state`. */
export function defaultStateDir(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'temporal-document-jobs');
}
