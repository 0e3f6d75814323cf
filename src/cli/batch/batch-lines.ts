import { time, count } from '../../batch/report/compare.js';
import type { BatchStatus } from '../../jobs/batch.js';
import { errorsText, paidText, stageWord, STATES } from './batch-text.js';
import { plainText } from './plain-text.js';
import { endedOf, type Pace } from './progress.js';

/** What a live view knows of a batch. */
export interface LiveBatch {
  headline: string;
  /** Null before the first answer. */
  status: BatchStatus | null;
  pace: Pace;
  /** What is wrong, or what somebody is asked to do. */
  trouble: readonly string[];
}

/** Green, yellow, orange, red, magenta, grey. */
const COLORS: Readonly<Record<string, number>> = {
  done: 32,
  done_with_gaps: 33,
  refused: 33,
  failed: 31,
  cancelled: 35,
  not_started: 90,
};
const BAR = 36;

/** The lines of one batch, none wider than the terminal: a wrapped line would break the drawing over it. */
export function batchLines(
  { headline, status, pace, trouble }: LiveBatch,
  now: number,
  width: number,
  color: boolean,
): string[] {
  const clip = (text: string): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
  const paint = (text: string, code: number): string => (color ? `\u001b[${code}m${clip(text)}\u001b[0m` : clip(text));
  const warnings = trouble.map((text) => paint(`  ! ${plainText(text)}`, 33));
  if (status === null) return [clip(headline), ...warnings];
  const { documents } = status;
  if (documents === null) return [clip(headline), clip('  planning: the manifest is read'), ...warnings];
  const ended = endedOf(status);
  const share = documents === 0 ? 100 : Math.floor((100 * ended) / documents);
  const bars = STATES.filter(([state]) => status.ended[state] > 0).map(([state, word]) =>
    paint(bar(word, status.ended[state], documents), COLORS[state] ?? 0),
  );
  const waiting = Math.max(0, documents - ended - status.running);
  return [
    clip(headline),
    clip(
      `  ${stageWord(status.stage)} for ${time(now - Date.parse(status.startedAt))} · ${count(ended)} of ${count(documents)} ended (${share} %)${paceText(pace)}`,
    ),
    ...bars,
    clip(bar('running', status.running, documents)),
    clip(bar('to come', waiting, documents)),
    clip(
      `  ${paidText(status)}${status.reused > 0 ? ` · ${count(status.reused)} reused` : ''} · window ${count(status.window)} · ${count(status.startsPerSecond)} starts/s`,
    ),
    ...(Object.keys(status.errors).length === 0 ? [] : [clip(`  errors: ${errorsText(status)}`)]),
    ...warnings,
    ...(status.slowest.length === 0 ? [] : [clip('  running longest:')]),
    ...status.slowest
      .slice(0, 10)
      .map(({ id, since }) => clip(`    ${time(now - Date.parse(since)).padStart(8)}  ${plainText(id)}`)),
  ];
}

function paceText({ perMinute, etaMs }: Pace): string {
  const rate = perMinute === null ? '' : ` · ${count(Math.round(perMinute))} a minute`;
  return etaMs === null ? rate : `${rate} · about ${time(etaMs)} left`;
}

/** Anything at all is seen: at least one block. */
function bar(word: string, value: number, of: number): string {
  const blocks = value === 0 ? 0 : Math.max(1, Math.round((BAR * value) / Math.max(1, of)));
  return `  ${word.padEnd(14)} ${count(value).padStart(9)}  ${'█'.repeat(Math.min(BAR, blocks))}`.trimEnd();
}
