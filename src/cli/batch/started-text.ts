import { count, money, time, UNKNOWN } from '../../batch/report/compare.js';
import type { BatchForecast } from '../../jobs/batch-forecast.js';
import { table } from '../table.js';
import type { BatchLabel } from './batch-view.js';

/** One line for the start of a batch. */
export function startedBatchText(
  { workflowId, label, sandbox, command }: BatchLabel,
  existing: 'no' | 'running' | 'completed',
): string {
  const where = sandbox ? ' in the sandbox' : '';
  if (existing === 'running') return `${label}: already running as ${workflowId}; following it`;
  if (existing === 'no') return `${label}: started${where} as ${workflowId}`;
  return `${label}: already done as ${workflowId}; nothing was started (${command(['redrive'])} does again what is not done, --force everything)`;
}

const LIMITS: Readonly<Record<BatchForecast['limitedBy'], string>> = {
  starts: 'the pace of starts (--rate)',
  window: 'the window (--window)',
  quota: "the vendor's limits",
};

/** What a batch will take, as a table. */
export function forecastText(forecast: BatchForecast): string {
  const { pages, pagesFrom, jobs, credits, price, temporalActions, totalMs } = forecast;
  const operations = Object.entries(jobs).map(([operation, number]) => `${count(number)} ${operation}`);
  const rows = [
    ['documents', count(forecast.documents), unusable(forecast)],
    ['pages', count(pages), pagesText(pagesFrom)],
    ['vendor jobs', count(Object.values(jobs).reduce((sum, number) => sum + number, 0)), operations.join(', ')],
    ['credits', count(credits), creditsHint(forecast)],
    ['price', money(price), price === null ? '' : 'by your rate card'],
    ['Temporal actions', count(temporalActions), 'when nothing is repeated'],
    ['starts', time(forecast.startsMs), `${forecast.startsPerSecond} a second, ${count(forecast.window)} at once`],
    [
      'finished after',
      time(totalMs),
      totalMs === null ? 'usual times not known' : `set by ${LIMITS[forecast.limitedBy]}`,
    ],
  ];
  return table([['forecast', '', ''], ...rows.filter(([, value, hint]) => value !== UNKNOWN || hint !== '')]);
}

const unusable = ({ unusableRows }: BatchForecast): string =>
  unusableRows === 0 ? '' : `and ${count(unusableRows)} rows that can't be used`;

function pagesText({ manifest, counted, assumed }: BatchForecast['pagesFrom']): string {
  const parts = [
    manifest === 0 ? '' : `${count(manifest)} documents by the manifest`,
    counted === 0 ? '' : `${count(counted)} counted`,
    assumed === 0 ? '' : manifest + counted === 0 ? 'nothing tells' : `${count(assumed)} taken to be like these`,
  ];
  return parts.filter(Boolean).join(', ');
}

function creditsHint({ credits, pages }: BatchForecast): string {
  if (credits !== null) return 'by your rate card';
  return pages === null ? 'pages are not known' : 'not known without --rates that name each operation';
}
