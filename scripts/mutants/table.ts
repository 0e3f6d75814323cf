import type { Mutant } from './mutant.js';

/** What came of one mutant. `broken`: its tests did not run, so that nothing is known. */
export interface Verdict {
  mutant: Mutant;
  verdict: 'caught' | 'survived' | 'broken';
  /** The first test that failed, or why nothing is known. */
  by: string;
  seconds: number;
}

/** As Markdown. */
export function tableOf(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ mutant: { name, guarantee, removes }, verdict, by }) =>
    [guarantee, name, removes, verdict === 'caught' ? verdict : `**${verdict}**`, by].map(cell).join(' | '),
  );
  const head = ['guarantee', 'mutant', 'the code no longer…', 'verdict', 'first failing test'];
  return [head.join(' | '), head.map(() => '---').join(' | '), ...rows].map((row) => `| ${row} |`).join('\n');
}

const cell = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
