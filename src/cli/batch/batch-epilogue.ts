import type { BatchEnd } from '../../client/batch/batch-end.js';
import { batchIdOf } from '../../client/batch/batch-workflow-id.js';
import { compareForecast } from '../../batch/report/compare.js';
import { fileStore } from '../../results/index.js';
import type { BatchForecast } from '../../jobs/batch-forecast.js';
import { shellWord } from '../shell-word.js';
import { table } from '../table.js';
import type { BatchLabel } from './batch-view.js';
import { notDone } from './progress.js';
import { writeRecord } from './write-record.js';

export interface EpilogueFacts {
  batch: BatchLabel;
  forecast: BatchForecast | null;
  /** Result store. */
  results: string;
  /** Arguments that lead to the same Temporal and store. */
  place: readonly string[];
  out?: string;
}

/** Forecast and actual, files, and what can be done next. */
export async function batchEpilogue(end: BatchEnd, facts: EpilogueFacts): Promise<string[]> {
  const { batch, forecast, results, place, out } = facts;
  const status = end.kind === 'result' ? end.result : end.status;
  const lines: string[] = [];
  if (forecast !== null && status !== null) {
    const { startedAt, endedAt } = status;
    const rows = compareForecast(forecast, {
      documents: status.documents,
      jobs: null,
      pages: status.pages,
      credits: status.credits,
      price: priceLike(forecast, status.credits),
      durationMs: endedAt === null ? null : Date.parse(endedAt) - Date.parse(startedAt),
    });
    lines.push(table([['', 'forecast', 'actual'], ...rows]).trimEnd());
  }
  const batchId = batchIdOf(batch.workflowId);
  if (out !== undefined) {
    await writeRecord(out, fileStore(results), batchId);
    lines.push(`written ${out}`);
  }
  if (status !== null && notDone(status) > 0) {
    lines.push(`what is not done: ${batch.command(['rows', '--only', 'unfinished'])}`);
    lines.push(`again: ${batch.command(['redrive'])}`);
  }
  lines.push(`report: ${['docjobs', 'report', batchId, ...place].map(shellWord).join(' ')}`);
  if (batch.sandbox) lines.push('All of this came from the sandbox, a local stand-in; no vendor was asked.');
  return lines;
}

/** At the price of the forecast. */
function priceLike({ credits, price }: BatchForecast, actual: number | null): BatchForecast['price'] {
  if (price === null || actual === null || credits === null || credits === 0) return null;
  return { ...price, amount: Math.round(((price.amount * actual) / credits) * 100) / 100 };
}
