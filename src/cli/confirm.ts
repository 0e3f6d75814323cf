import { createInterface } from 'node:readline/promises';

/** True when somebody sits at a terminal who can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks on stderr, so that stdout stays for what scripts read. Anything but a yes is a no. */
export async function confirm(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return isYes(await prompt.question(`${question} [y/N] `));
  } finally {
    prompt.close();
  }
}

export const isYes = (answer: string): boolean => /^\s*y(es)?\s*$/i.test(answer);
