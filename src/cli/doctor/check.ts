import { CliError, messageOf } from '../cli-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';

/** What a check found. */
export interface Verdict {
  status: 'ok' | 'warning' | 'problem' | 'skipped';
  /** One line. Never a key, a signature or anything of a document. */
  says: string;
  /** What to do about it. */
  mend?: string;
  /** A problem of Temporal or a vendor that can't be reached or refuses the key: the command ends with another code. */
  unreachable?: true;
}

export interface Check extends Verdict {
  /** `key reducto`. */
  name: string;
}

type Words = [says: string, mend?: string];
const verdict = (status: Verdict['status'], [says, mend]: Words): Verdict => ({
  status,
  says,
  ...(mend === undefined ? {} : { mend }),
});

export const ok = (...words: Words): Verdict => verdict('ok', words);
export const warning = (...words: Words): Verdict => verdict('warning', words);
export const problem = (...words: Words): Verdict => verdict('problem', words);
export const skipped = (...words: Words): Verdict => verdict('skipped', words);
export const unreachable = (...words: Words): Verdict => ({ ...problem(...words), unreachable: true });

/** What an error of the command line means here: its own remedy stands behind the reason in brackets. */
export function fromError(error: unknown): Verdict {
  const text = messageOf(error);
  const end = text.lastIndexOf('): ');
  const words: Words = end === -1 ? [text] : [text.slice(0, end + 1), text.slice(end + 3)];
  return error instanceof CliError && error.exitCode === EXIT.unreachable ? unreachable(...words) : problem(...words);
}

export const isHealthy = (checks: readonly Verdict[]): boolean => checks.every(({ status }) => status !== 'problem');

export function exitOfChecks(checks: readonly Verdict[]): ExitCode {
  if (checks.some((check) => check.unreachable === true)) return EXIT.unreachable;
  return isHealthy(checks) ? EXIT.done : EXIT.failed;
}
