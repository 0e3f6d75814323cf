import type { BatchEnd } from '../../client/batch/batch-end.js';
import { count, time } from '../../batch/report/compare.js';
import type { BatchBudget, BatchRowState, BatchStatus } from '../../jobs/batch.js';
import { shellWord } from '../shell-word.js';
import { plainText } from './plain-text.js';
import { endedOf, type Pace } from './progress.js';

const WORDS: Readonly<Record<BatchRowState, string>> = {
  done: 'done',
  done_with_gaps: 'done with gaps',
  refused: 'refused',
  failed: 'failed',
  cancelled: 'cancelled',
  not_started: 'not started',
};

/** Best first. */
export const STATES = Object.entries(WORDS) as [BatchRowState, string][];

/** `40 done, 2 failed`: what there is any of. */
export function endedText({ ended }: Pick<BatchStatus, 'ended'>): string {
  const parts = STATES.filter(([state]) => ended[state] > 0).map(([state, word]) => `${count(ended[state])} ${word}`);
  return parts.join(', ') || 'none ended';
}

/** One line for what a batch does now. */
export function statusText(status: BatchStatus, { perMinute, etaMs }: Pace): string {
  const { documents, stage, running } = status;
  if (documents === null) return 'planning: the manifest is read';
  const pace = perMinute === null ? '' : `; ${count(Math.round(perMinute))} a minute`;
  const left = etaMs === null ? '' : `, about ${time(etaMs)} left`;
  return `${stageWord(stage)}: ${count(endedOf(status))} of ${count(documents)} ended (${endedText(status)}), ${count(running)} running${pace}${left}`;
}

export const stageWord = (stage: BatchStatus['stage']): string => stage.replaceAll('_', ' ');

/** What keeps a batch from going on, and what to do; null when nothing does. */
export function troubleText({ stage, budget }: BatchStatus, command: (words: string[]) => string): string | null {
  if (stage === 'paused') return `paused; go on with: ${command(['resume'])}`;
  if (stage !== 'budget_reached') return null;
  return `the budget of ${budgetText(budget)} is reached; go on with: ${command(['budget', '--max-credits', 'N'])}`;
}

export function budgetText(budget: BatchBudget | null): string {
  const { credits, pages, then = 'ask' } = budget ?? {};
  const limits = [
    credits === undefined ? '' : `${count(credits)} credits`,
    pages === undefined ? '' : `${count(pages)} pages`,
  ].filter(Boolean);
  return limits.length === 0 ? 'no budget' : `${limits.join(' or ')} (then ${then})`;
}

/** `pages 120 · credits 240 of 500`. */
export function paidText({ pages, credits, budget }: BatchStatus): string {
  const of = (limit: number | undefined): string => (limit === undefined ? '' : ` of ${count(limit)}`);
  return `pages ${count(pages)}${of(budget?.pages)} · credits ${count(credits)}${of(budget?.credits)}`;
}

/** `DocumentJobFailed 3 · …`, the most frequent first. */
export function errorsText({ errors }: BatchStatus): string {
  const sorted = Object.entries(errors).sort(([, a], [, b]) => b - a);
  return sorted.map(([type, times]) => `${plainText(type)} ${count(times)}`).join(' · ');
}

/** One line for the end of a batch. */
export function batchEndText(batchId: string, end: BatchEnd): string {
  const status = end.kind === 'result' ? end.result : end.status;
  const counts = status === null ? '' : `: ${endedText(status)}${reusedText(status)}; ${paidText(status)}`;
  if (end.kind === 'cancelled') return `${batchId}: cancelled${counts}`;
  if (end.kind === 'failed') return `${batchId}: failed: ${end.failure.type}: ${end.failure.message}${counts}`;
  return `${batchId}: ended${counts}`;
}

const reusedText = ({ reused }: BatchStatus): string =>
  reused === 0 ? '' : ` (${count(reused)} of them were done before: nothing paid)`;

/** A `docjobs batch …` command of one batch. @param temporal arguments that lead to its Temporal. */
export function batchCommandText(words: readonly string[], temporal: readonly string[]): string {
  return ['docjobs', 'batch', ...words, ...temporal].map(shellWord).join(' ');
}
