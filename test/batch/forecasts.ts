import type { BatchForecast } from '../../src/jobs/batch-forecast.js';

export const batchForecast = (change: Partial<BatchForecast> = {}): BatchForecast => ({
  schemaVersion: 1,
  documents: 10,
  unusableRows: 0,
  pages: 20,
  pagesFrom: { manifest: 0, counted: 10, assumed: 0 },
  jobs: { parse: 10 },
  credits: 20,
  price: { amount: 10, currency: 'EUR' },
  temporalActions: 80,
  window: 200,
  startsPerSecond: 20,
  documentMs: 25_000,
  startsMs: 450,
  totalMs: 30_000,
  limitedBy: 'starts',
  ...change,
});
