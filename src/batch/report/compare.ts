import type { BatchForecast } from '../../jobs/batch-forecast.js';
import { formatDuration } from '../../jobs/duration.js';

/** What came, as far as somebody knows. */
export interface BatchActual {
  documents: number | null;
  jobs: number | null;
  pages: number | null;
  credits: number | null;
  price: { amount: number; currency: string } | null;
  durationMs: number | null;
}

/** What, forecast, actual; one row for each figure that one of them has. */
export function compareForecast(forecast: BatchForecast, actual: BatchActual): [string, string, string][] {
  const jobs = Object.values(forecast.jobs).reduce((sum, count) => sum + count, 0);
  const rows: [string, string, string][] = [
    ['documents', count(forecast.documents), count(actual.documents)],
    ['vendor jobs', count(jobs), count(actual.jobs)],
    ['pages', count(forecast.pages), count(actual.pages)],
    ['credits', count(forecast.credits), count(actual.credits)],
    ['price', money(forecast.price), money(actual.price)],
    ['time', time(forecast.totalMs), time(actual.durationMs)],
  ];
  return rows.filter(([, expected, came]) => expected !== UNKNOWN || came !== UNKNOWN);
}

export const UNKNOWN = '–';
export const count = (value: number | null): string => (value === null ? UNKNOWN : value.toLocaleString('en-US'));
export const time = (ms: number | null): string => (ms === null ? UNKNOWN : formatDuration(ms));
export const money = (price: { amount: number; currency: string } | null): string =>
  price === null ? UNKNOWN : `${price.amount.toLocaleString('en-US', { minimumFractionDigits: 2 })} ${price.currency}`;
