import type { BenchResult } from '../bench-result.js';
import { cancel } from './cancel.js';
import { fairness } from './fairness.js';
import { redrive } from './redrive.js';

/** What one part has to say: a row for each thing looked at, and what did not hold. */
export interface Part {
  rows: { part: string; figure: string; value: number | string }[];
  broken: string[];
}

/** Batches that are done again, cancelled, and shared by tenants; one part after the other, each on a stage of its own. */
export async function batchSteering(documents: number): Promise<BenchResult> {
  const parts: Part[] = [];
  for (const part of [redrive, cancel, fairness]) {
    console.error(`${part.name} …`);
    parts.push(await part(documents));
  }
  return {
    rows: parts.flatMap(({ rows }) => rows),
    broken: parts.flatMap(({ broken }) => broken),
    notes: ['Temporal in memory, jobs of 2.5 s (those that are cancelled: 10 minutes)'],
  };
}
