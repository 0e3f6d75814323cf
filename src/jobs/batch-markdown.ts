import type { BatchStatus } from './batch.js';
import { formatDuration } from './duration.js';

const BAR = 30;

/** A running batch for Temporal's UI. Markdown. @param rate documents a second. */
export function batchMarkdown(status: BatchStatus, rate: number, nowMs: number): string {
  const { stage, documents, started, running, ended, reused, pages, credits, trouble } = status;
  const all = Object.entries(ended).filter(([state]) => state !== 'not_started');
  const done = all.reduce((sum, [, count]) => sum + count, 0);
  const counts = all.filter(([, count]) => count > 0).map(([state, count]) => `${state} ${count}`);
  const errors = Object.entries(status.errors).sort(([, a], [, b]) => b - a);
  const spent = [pages === null ? '' : `${pages} pages`, credits === null ? '' : `${round(credits)} credits`];
  return [
    `**${stage}** \`${bar(done, documents)}\` ${done} of ${documents ?? '?'}`,
    ['', `running ${running} of ${status.window}`, `started ${started}`, `reused ${reused}`, ...counts].join('\n- '),
    ...(rate > 0 && documents !== null ? [`${round(rate)} a second, ${eta(documents - done, rate)} to go`] : []),
    ...(spent.join('') === '' ? [] : [spent.filter((one) => one !== '').join(', ')]),
    ...(trouble === undefined ? [] : [`**Trouble**: ${cell(trouble)}`]),
    ...(errors.length === 0 ? [] : [table(['failure', 'documents'], errors.slice(0, 10))]),
    ...(status.slowest.length === 0 ? [] : [table(['slowest', 'workflow', 'for'], slowest(status, nowMs))]),
  ].join('\n\n');
}

function bar(done: number, documents: number | null): string {
  const filled = documents === null || documents === 0 ? 0 : Math.floor((BAR * Math.min(done, documents)) / documents);
  return '█'.repeat(filled) + '░'.repeat(BAR - filled);
}

const eta = (left: number, rate: number): string => formatDuration((Math.max(0, left) / rate) * 1_000);
const round = (figure: number): number => Math.round(figure * 100) / 100;

function slowest(status: BatchStatus, nowMs: number): string[][] {
  return status.slowest.map(({ id, workflowId, since }) => [id, workflowId, formatDuration(nowMs - Date.parse(since))]);
}

function table(head: string[], rows: (string | number)[][]): string {
  const lines = rows.map((row) => row.map((one) => cell(String(one))).join(' | '));
  return [head.join(' | '), head.map(() => '---').join(' | '), ...lines].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
