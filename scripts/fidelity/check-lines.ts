import type { PageBudget } from './page-budget.js';

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** What was seen of what the vendors' documentation leaves open. */
  notes: string[];
}

/** What to do about one line of a check script. */
export interface Reaction {
  /** To be shown. */
  show?: string;
  /** To be written to the script. */
  answer?: 'ok' | 'no';
}

const COUNTED = { ok: 'passed', FAIL: 'failed', skip: 'skipped' } as const;

/**
 * Reads the lines that `harness.py` writes: verdicts are counted and shown, notes collected, `spend` is answered.
 * Whatever else a script says is shown.
 */
export function createLineReader(tally: Tally, budget: PageBudget): (line: string) => Reaction {
  return (line) => {
    const [word = '', ...rest] = line.split(' ');
    if (word === 'spend') return { answer: budget.take(Number(rest[0])) ? 'ok' : 'no' };
    if (word === 'used') {
      budget.correct(Number(rest[0]), Number(rest[1]));
      return {};
    }
    if (word === 'note') {
      tally.notes.push(rest.join(' '));
      return {};
    }
    if (word in COUNTED) tally[COUNTED[word as keyof typeof COUNTED]]++;
    return { show: line };
  };
}

export const emptyTally = (): Tally => ({ passed: 0, failed: 0, skipped: 0, notes: [] });

export const summaryLine = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;
