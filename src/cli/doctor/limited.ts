import { redact } from '../../providers/redact.js';
import { messageOf } from '../cli-error.js';
import { type Check, type Verdict, warning } from './check.js';

/** For a check. What it asks is told to give up before, so that its own words are heard. */
export const CHECK_LIMIT_MS = 10_000;
export const ASK_LIMIT_MS = 9_000;

/**
 * One check, which ends in time whatever it looks at, and never throws.
 * @param late the verdict when it does not.
 */
export async function limited(
  name: string,
  work: () => Promise<Verdict>,
  late: Verdict = warning('not known: no answer in time', 'try again'),
  limitMs = CHECK_LIMIT_MS,
): Promise<Check> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<Verdict>((resolve) => (timer = setTimeout(() => resolve(late), limitMs)));
  const done = work().catch((error: unknown) => warning(`could not be looked at (${redact(messageOf(error))})`));
  try {
    return { name, ...(await Promise.race([done, tooLate])) };
  } finally {
    clearTimeout(timer);
  }
}
