import type { BatchStatus } from './batch.js';
import type { BatchState, InFlight } from './batch-state.js';
import { defined } from './defined.js';

const SLOWEST = 10;

export interface StatusFacts {
  batchId: string;
  stage: BatchStatus['stage'];
  running: number;
  /** The documents under way that began first. */
  oldest: InFlight[];
  endedAt: string | null;
  trouble: string | undefined;
}

/** What the query answers. Documents that a batch left alone when it ended are `not_started`; they have no rows of their own. */
export function batchStatus(state: BatchState, facts: StatusFacts): BatchStatus {
  const { plan, tally, window, startsPerSecond, budget, startedAt, segments } = state;
  const { batchId, stage, running, oldest, endedAt, trouble } = facts;
  const notStarted = stage === 'ended' ? (plan?.documents ?? 0) - tally.started : 0;
  return {
    schemaVersion: 1,
    batchId,
    drive: plan?.drive ?? 0,
    stage,
    documents: plan?.documents ?? null,
    unusableRows: plan?.unusableRows ?? 0,
    started: tally.started,
    running,
    ended: { ...tally.ended, not_started: notStarted },
    reused: tally.reused,
    pages: tally.pages,
    credits: tally.credits,
    errors: { ...tally.errors },
    window,
    startsPerSecond,
    budget,
    startedAt,
    endedAt,
    segments,
    slowest: oldest
      .slice(0, SLOWEST)
      .map(({ id, workflowId, since }) => ({ id, workflowId, since: new Date(since).toISOString() })),
    ...defined({ trouble }),
  };
}
