import type { BatchJob, BatchRow } from '../../jobs/batch.js';
import type { Operation } from '../../jobs/types.js';
import { createHistogram, type Histogram } from './histogram.js';

/** What the jobs of one operation came to. */
export interface OperationCost {
  jobs: number;
  completed: number;
  submits: number;
  reads: number;
  /** Null while no job told. */
  pages: number | null;
  credits: number | null;
  /** From submit to the end that was seen, ms. */
  durations: Histogram;
}

/** What was paid, in all drives. */
export interface BatchCost {
  /** @param row any row of the record, also one that a later row has replaced: its jobs were paid all the same. */
  add(row: Pick<BatchRow, 'jobs' | 'reused'>): void;
  operations(): [Operation, OperationCost][];
  /** Null when no job told. */
  total(figure: 'pages' | 'credits'): number | null;
}

export function createCost(): BatchCost {
  const operations = new Map<Operation, OperationCost>();
  return {
    add({ jobs, reused }) {
      // They were paid by whoever started them.
      if (reused === true) return;
      for (const job of jobs) addJob(operationIn(operations, job.operation), job);
    },
    operations: () => [...operations],
    total: (figure) => [...operations.values()].reduce<number | null>((sum, cost) => plus(sum, cost[figure]), null),
  };
}

function addJob(cost: OperationCost, job: BatchJob): void {
  cost.jobs += 1;
  if (job.outcome.startsWith('completed')) {
    cost.completed += 1;
    cost.durations.add(Date.parse(job.endedAt) - Date.parse(job.submittedAt));
  }
  cost.submits += job.submits;
  cost.reads += job.reads;
  cost.pages = plus(cost.pages, job.pages);
  cost.credits = plus(cost.credits, job.credits);
}

function operationIn(operations: Map<Operation, OperationCost>, operation: Operation): OperationCost {
  const known = operations.get(operation);
  if (known !== undefined) return known;
  const counts = { jobs: 0, completed: 0, submits: 0, reads: 0, pages: null, credits: null };
  const fresh = { ...counts, durations: createHistogram() };
  operations.set(operation, fresh);
  return fresh;
}

const plus = (sum: number | null, figure: number | null): number | null =>
  figure === null ? sum : Math.round(((sum ?? 0) + figure) * 1e6) / 1e6;
