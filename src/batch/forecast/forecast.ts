import type { BatchForecast } from '../../jobs/batch-forecast.js';
import type { ProcessBatchInput } from '../../jobs/batch.js';
import type { Operation } from '../../jobs/types.js';
import type { Quota } from '../../providers/provider.js';
import { ACTIONS_PER_DOCUMENT, ACTIONS_PER_JOB, ACTIONS_PER_UPLOAD, OVERHEAD_MS, READS_PER_JOB } from './constants.js';
import { priceOf, type RateCard } from './rate-card.js';
import type { Survey } from './survey.js';

export interface ForecastFacts {
  survey: Survey;
  request: NonNullable<ProcessBatchInput['request']>;
  window: number;
  startsPerSecond: number;
  /** Usual time of a job, ms; null when unknown. */
  expectedMs: (operation: Operation, pages: number | null) => number | null;
  /** What the account may do a second. */
  quota: Quota;
  /** Null: nobody said what a page costs. */
  rates: RateCard | null;
}

/** What a batch will take when all goes well. Pure: the same facts give the same forecast. */
export function forecastBatch(facts: ForecastFacts): BatchForecast {
  const { survey, window, startsPerSecond, rates } = facts;
  const { documents, pages } = survey;
  const operations = operationsOf(facts.request);
  const credits = creditsOf(operations, pages, rates);
  const documentMs = documentTime(facts, operations);
  const startsMs = (Math.max(0, documents - 1) / startsPerSecond) * 1_000;
  const times = {
    starts: startsMs,
    window: documentMs === null ? 0 : (Math.max(0, documents - window) / window) * documentMs,
    quota: quotaTime(facts, operations),
  };
  const limitedBy = (Object.keys(times) as (keyof typeof times)[]).reduce((a, b) => (times[b] > times[a] ? b : a));
  const jobs = operations.length * documents;
  return {
    schemaVersion: 1,
    documents,
    unusableRows: survey.unusableRows,
    pages,
    pagesFrom: survey.pagesFrom,
    jobs: Object.fromEntries(operations.map((operation) => [operation, documents])),
    credits,
    price: priceOf(credits, rates),
    temporalActions: Math.round(
      documents * ACTIONS_PER_DOCUMENT + survey.local * ACTIONS_PER_UPLOAD + jobs * ACTIONS_PER_JOB,
    ),
    window,
    startsPerSecond,
    documentMs: documentMs === null ? null : Math.round(documentMs),
    startsMs: Math.round(startsMs),
    totalMs: documentMs === null ? null : Math.round(documents === 0 ? 0 : times[limitedBy] + documentMs),
    limitedBy,
  };
}

function operationsOf({ schema, sections }: ForecastFacts['request']): Operation[] {
  return [
    'parse',
    ...(schema === undefined ? [] : ['extract' as const]),
    ...(sections === undefined ? [] : ['split' as const]),
  ];
}

/** Null without a rate card, without pages, or when the card leaves out what is asked. */
function creditsOf(operations: Operation[], pages: number | null, rates: RateCard | null): number | null {
  if (rates === null || pages === null) return null;
  let credits = 0;
  for (const operation of operations) {
    const each = rates.creditsPerPage[operation];
    if (each === undefined) return null;
    credits += each * pages;
  }
  return Math.round(credits * 100) / 100;
}

/** The parse, then extract and split side by side. */
function documentTime({ survey, expectedMs }: ForecastFacts, operations: Operation[]): number | null {
  const { documents, pages } = survey;
  const average = pages === null || documents === 0 ? null : Math.max(1, Math.round(pages / documents));
  const times = operations.map((operation) => expectedMs(operation, average));
  if (times.some((time) => time === null)) return null;
  const [parse = 0, ...others] = times as number[];
  return OVERHEAD_MS + parse + Math.max(0, ...others);
}

/** At the account's limits alone. */
function quotaTime({ survey, quota }: ForecastFacts, operations: Operation[]): number {
  const jobs = survey.documents * operations.length;
  const reads = jobs * READS_PER_JOB;
  const times = [
    reads / (quota.readsPerSecond ?? Infinity),
    jobs / (quota.submitsPerSecond ?? Infinity),
    (reads + jobs + survey.local) / (quota.requestsPerSecond ?? Infinity),
  ];
  return Math.max(...times) * 1_000;
}
