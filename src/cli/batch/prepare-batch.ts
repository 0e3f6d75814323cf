import type { BatchForecast } from '../../jobs/batch-forecast.js';
import type { BatchManifest, ProcessBatchInput } from '../../jobs/batch.js';
import { usageError } from '../cli-error.js';
import { namedTemporal } from '../connect.js';
import { readRequest } from '../prepare-documents.js';
import { type BatchFlags, budgetOf } from './batch-flags.js';
import { isQuickToSurvey, makeForecast, readRateCard } from './make-forecast.js';

/** A server and a worker in one small place: what starts at once is soon too much for it. */
const OWN = { window: 100, rate: 10 };
const DEFAULTS = { window: 200, rate: 20 };
/** How long files are opened for a forecast, ms: before a start somebody waits. */
const LIMIT_MS = { plan: 60_000, start: 5_000 };

export type FullBatchInput = ProcessBatchInput &
  Required<Pick<ProcessBatchInput, 'window' | 'startsPerSecond' | 'request'>>;

/** @throws usage error for a file that does not hold what its flag promises. */
export async function batchInputOf(
  manifest: BatchManifest,
  flags: BatchFlags,
  provider: string,
): Promise<FullBatchInput> {
  const defaults = namedTemporal(flags) === null ? OWN : DEFAULTS;
  const budget = budgetOf(flags);
  return {
    manifest,
    request: await readRequest(provider, flags),
    window: flags.window ?? defaults.window,
    startsPerSecond: flags.rate ?? defaults.rate,
    ...(budget === null ? {} : { budget }),
    ...(flags.paused ? { paused: true } : {}),
    ...(flags.force ? { force: Date.now().toString(36) } : {}),
  };
}

/** @returns null when it would take too long before a start, or only the worker can list the documents. */
export async function forecastOf(
  input: FullBatchInput,
  flags: BatchFlags,
  provider: string,
): Promise<BatchForecast | null> {
  const rates = flags.rates === undefined ? null : await readRateCard(flags.rates);
  if (!flags.plan && !(await isQuickToSurvey(input))) return null;
  const limitMs = flags.plan ? LIMIT_MS.plan : LIMIT_MS.start;
  return makeForecast({ provider, input, rates, speed: flags.speed ?? 1, limitMs });
}

export function checkCombinations(flags: BatchFlags): void {
  if (flags.speed !== undefined && !flags.sandbox) throw usageError('--speed is for the sandbox: add --sandbox');
  if (flags.sandbox && flags.account !== undefined) {
    throw usageError('--account names an account of a vendor: leave it out with --sandbox');
  }
  if (flags.plan && flags.detach) throw usageError('--plan starts nothing: leave out --detach');
  if (flags.out !== undefined && flags.detach) {
    throw usageError('--out is written at the end: leave it out with --detach, and use "docjobs batch rows ID" later');
  }
}

/** A worker of a command's own has no sources of the user's. */
export function checkListable({ kind }: BatchManifest): void {
  if (kind === 's3' || kind === 'source') {
    throw usageError(
      'only a worker of yours can list that: createDocumentActivities({ batchSources }); name its Temporal with --address',
    );
  }
}

/**
 * That a command was killed is noticed after a third of a poll window, and only then its successor polls: windows of a command's own worker are short.
 * The sandbox is quicker than a vendor.
 */
export function withOwnPolling(input: FullBatchInput, { sandbox, speed = 1 }: BatchFlags): FullBatchInput {
  const expected = sandbox ? { expected: Math.round(3_000 / speed) } : {};
  return { ...input, request: { ...input.request, polling: { window: '90s', ...expected } } };
}
