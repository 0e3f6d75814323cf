import { stat } from 'node:fs/promises';
import { countPages } from '../../batch/forecast/count-pages.js';
import { forecastBatch } from '../../batch/forecast/forecast.js';
import { rateCard, type RateCard } from '../../batch/forecast/rate-card.js';
import { surveyManifest } from '../../batch/forecast/survey.js';
import type { BatchForecast } from '../../jobs/batch-forecast.js';
import type { ProcessBatchInput } from '../../jobs/batch.js';
import { createProvider } from '../accounts.js';
import { messageOf, usageError } from '../cli-error.js';
import { readJsonFile } from '../read-json-file.js';
import { surveyRows } from './survey-rows.js';

export interface ForecastRequest {
  provider: string;
  input: ProcessBatchInput & Required<Pick<ProcessBatchInput, 'window' | 'startsPerSecond' | 'request'>>;
  rates: RateCard | null;
  /** How much faster than a vendor; of the sandbox. */
  speed: number;
  /** How long files may be opened, ms. */
  limitMs: number;
}

export const readRateCard = (path: string): Promise<RateCard> => readJsonFile('--rates', path, rateCard);

/**
 * What a batch will take. Reads the manifest and opens a sample of its files; asks no vendor.
 * @returns null for a manifest that only the worker can list.
 * @throws usage error for one that can't be read.
 */
export async function makeForecast(asked: ForecastRequest): Promise<BatchForecast | null> {
  const { provider, input, rates, speed, limitMs } = asked;
  const rows = surveyRows(input.manifest);
  if (rows === null) return null;
  const survey = await surveyManifest(rows, { countPages, limitMs }).catch((error: unknown) => {
    throw usageError(messageOf(error));
  });
  // Nothing is sent: a provider is the one who knows its usual times.
  const known = createProvider(provider, { apiKey: 'none' });
  try {
    const { window, startsPerSecond, request } = input;
    return forecastBatch({
      survey,
      request,
      window,
      startsPerSecond,
      rates,
      quota: known.quota,
      expectedMs: (operation, pages) => {
        const ms = known.expectedMs(operation, pages);
        return ms === null ? null : ms / speed;
      },
    });
  } finally {
    await known.close();
  }
}

/** Before a start nobody waits for the second reading of a huge manifest; `--plan` does. */
export async function isQuickToSurvey({ manifest }: ProcessBatchInput): Promise<boolean> {
  if (manifest.kind !== 'file') return true;
  return (await stat(manifest.path)).size < 256 * 1024 * 1024;
}
