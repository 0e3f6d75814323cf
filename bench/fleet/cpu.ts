import type { BenchResult } from '../bench-result.js';
import { measureFleet } from './measure.js';
import type { Strategy } from './messages.js';

const DOCUMENTS = 600;
const JOB_MS = 10_000;
const ROUNDS = 3;
const MAX_SHARE = 1.3;

/** The worker's CPU for a document, ours beside the least that has the same shape, by turns. */
export async function cpu(): Promise<BenchResult> {
  const spent: Record<'ours' | 'minimum', number[]> = { ours: [], minimum: [] };
  for (let round = 1; round <= ROUNDS; round++) {
    for (const strategy of ['minimum', 'ours'] as const satisfies Strategy[]) {
      console.error(`round ${round}: ${strategy} …`);
      const figures = await measureFleet({ strategy, documents: DOCUMENTS, jobMs: JOB_MS, startsPerSecond: 25 });
      spent[strategy].push(figures.workerCpuMs);
    }
  }
  const [ours, minimum] = [median(spent.ours), median(spent.minimum)];
  const share = ours / minimum;
  return {
    rows: [
      { worker: 'ours', 'CPU ms a document': round(ours) },
      { worker: 'hand-written minimum', 'CPU ms a document': round(minimum) },
      { worker: 'ours / minimum', 'CPU ms a document': round(share) },
    ],
    notes: [
      `${DOCUMENTS} documents a round, ${ROUNDS} rounds each, the median; jobs of ${JOB_MS / 1_000} s, 25 starts a second`,
    ],
    broken: share > MAX_SHARE ? [`the worker needs ${round(share)} × the minimum's CPU, more than ${MAX_SHARE} ×`] : [],
  };
}

const median = (figures: number[]): number => [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
const round = (value: number): number => Math.round(value * 100) / 100;
