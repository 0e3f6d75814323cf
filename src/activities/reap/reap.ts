import { Context } from '@temporalio/activity';
import type { DocumentActivities } from '../../jobs/activities.js';
import { parseDuration } from '../../jobs/duration.js';
import { RECEIPT_MEMO, SUBMITTING_WORKFLOWS } from '../../jobs/names.js';
import {
  closedWorkflowsQuery,
  MAX_LISTED,
  MAX_SEEN,
  newSweep,
  type ReapInput,
  type ReapPosition,
  type ReapProgress,
  type ReapReport,
} from '../../jobs/reap.js';
import type { Receipt } from '../../jobs/types.js';
import type { ActivityDeps } from '../activity-deps.js';
import { documentFailure } from '../failures.js';
import { type Heart, startHeart } from '../heart.js';
import { reapSuspect, type ReapRules, type Verdict } from './reap-suspect.js';
import { type Suspect, suspectsOf } from './suspects.js';
import { type ClosedWorkflow, type Temporal, temporalSide } from '../../histories/temporal-side.js';
import { runningAtVendor } from './vendor-side.js';

const DAY_MS = 24 * 3_600_000;
const MINIMUM_AGE_MS = 5 * 60_000;
/** Visibility may lag behind, and a job may have been too young. */
const OVERLAP_MS = 3_600_000;
/** Suspects that are asked about at once. */
const AT_ONCE = 5;

/** What an attempt leaves for the next one: what it did can't be seen any more, since a cancelled job is nobody's. */
interface ReapBeat {
  done: [jobId: string, verdict: Verdict][];
}

/**
 * `reapDocumentJobs`: one step of a sweep for jobs that run although no living workflow waits for them: a page of closed workflows, then,
 * where the vendor lists jobs, a page of its list.
 * @throws DocumentInputInvalid for a duration or query that is none.
 */
export function createReap(deps: ActivityDeps): DocumentActivities['reapDocumentJobs'] {
  return async ({ input, previous, progress }) => {
    const context = Context.current();
    const earlier = context.info.heartbeatDetails as ReapBeat | undefined;
    const beat: ReapBeat = { done: earlier?.done ?? [] };
    const heart = startHeart(context, deps.clock, () => beat);
    heart.beat();
    try {
      const temporal = temporalSide(context.client);
      const soFar = progress ?? (await begin(deps, input, previous));
      const step = await stepOf(deps, context, temporal, input, soFar);
      const rules: ReapRules = { minimumAgeMs: minimumAgeOf(input), dryRun: input.dryRun === true };
      const suspects = unseen(step.suspects, soFar);
      const verdicts = await judge(suspects, beat, (one) => reapSuspect(deps, temporal, heart, one, rules), heart);
      return withVerdicts({ ...soFar, ...step.progress }, suspects, verdicts);
    } finally {
      heart.stop();
    }
  };
}

async function begin(deps: ActivityDeps, input: ReapInput, previous: ReapReport | undefined): Promise<ReapProgress> {
  const now = await deps.clock.now();
  const sinceMs = durationOf('since', input.since, DAY_MS);
  const usable = input.since === undefined && previous?.dryRun === false && previous.unresolved + previous.owned === 0;
  const leftOff = usable ? Date.parse(previous.sweptUntil) - OVERLAP_MS - minimumAgeOf(input) : 0;
  return newSweep({
    dryRun: input.dryRun === true,
    sweptFrom: new Date(Math.max(now - sinceMs, leftOff)).toISOString(),
    sweptUntil: new Date(now).toISOString(),
  });
}

interface Step {
  suspects: Suspect[];
  progress: Partial<ReapProgress> & { next: ReapPosition | null };
}

async function stepOf(
  deps: ActivityDeps,
  context: Context,
  temporal: Temporal,
  input: ReapInput,
  progress: ReapProgress,
): Promise<Step> {
  const { next } = progress;
  if (next?.part === 'vendors') return runningAtVendor(deps, context, next, progress);
  const query = closedWorkflowsQuery(input, SUBMITTING_WORKFLOWS, progress);
  const page = await temporal.list(query, next?.pageToken ?? '').catch((error: unknown) => {
    throw invalidQuery(error, query) ?? error;
  });
  const suspects: Suspect[] = [];
  for (const workflow of page.workflows) {
    if (await isSettled(workflow)) continue;
    suspects.push(...(await suspectsOf(temporal, workflow.workflowId, workflow.runId)));
  }
  const accounts = input.accounts ?? (typeof deps.accounts === 'function' ? [] : Object.keys(deps.accounts));
  return {
    suspects,
    progress: {
      workflows: progress.workflows + page.workflows.length,
      next: page.next === '' ? { part: 'vendors', accounts } : { part: 'workflows', pageToken: page.next },
    },
  };
}

/** Our own workflow leaves its receipt when it fails or is cancelled: its history need not be read when all jobs are known to have ended. */
async function isSettled({ memo }: ClosedWorkflow): Promise<boolean> {
  const receipt = (await memo(RECEIPT_MEMO)) as Receipt | undefined;
  return receipt?.jobs.every(({ outcome }) => outcome !== 'unknown') === true;
}

/** Each once: a workflow that was reset leaves its jobs in several histories. */
function unseen(suspects: Suspect[], { seen }: ReapProgress): Suspect[] {
  const byId = new Map(suspects.map((suspect) => [suspect.job.jobId, suspect]));
  return [...byId.values()].filter(({ job }) => !seen.includes(job.jobId));
}

async function judge(
  suspects: Suspect[],
  beat: ReapBeat,
  verdictOn: (suspect: Suspect) => Promise<Verdict>,
  heart: Heart,
): Promise<Verdict[]> {
  const done = new Map(beat.done);
  const queue = suspects[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (const suspect of queue) {
      const { jobId } = suspect.job;
      if (done.has(jobId)) continue;
      const verdict = await verdictOn(suspect);
      done.set(jobId, verdict);
      beat.done.push([jobId, verdict]);
      heart.beat();
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, suspects.length) }, lane));
  return suspects.map(({ job }) => done.get(job.jobId) ?? { is: 'ended' });
}

function withVerdicts(progress: ReapProgress, suspects: Suspect[], verdicts: Verdict[]): ReapProgress {
  const found = verdicts.flatMap((verdict) => (verdict.is === 'orphan' ? [verdict.orphan] : []));
  const count = (is: Verdict['is']): number => verdicts.filter((verdict) => verdict.is === is).length;
  const all = [...progress.orphans, ...found];
  return {
    ...progress,
    suspects: progress.suspects + verdicts.length,
    owned: progress.owned + count('owned'),
    young: progress.young + count('young'),
    orphans: all.slice(0, MAX_LISTED),
    notListed: progress.notListed + Math.max(0, all.length - MAX_LISTED),
    unresolved: progress.unresolved + found.filter(({ outcome }) => outcome === 'unknown').length,
    seen: [...progress.seen, ...suspects.map(({ job }) => job.jobId)].slice(0, MAX_SEEN),
  };
}

const minimumAgeOf = ({ minimumAge }: ReapInput): number => durationOf('minimumAge', minimumAge, MINIMUM_AGE_MS);

function durationOf(field: string, value: number | string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const ms = parseDuration(value);
  if (ms !== null) return ms;
  throw invalid(field, `expected ms or a duration such as "30m", got ${JSON.stringify(value)}`);
}

const INVALID_ARGUMENT = 3;

function invalidQuery(error: unknown, query: string): Error | null {
  const { code, details } = error as { code?: unknown; details?: unknown };
  return code === INVALID_ARGUMENT ? invalid('query', `Temporal refuses ${query}: ${String(details)}`) : null;
}

const invalid = (field: string, reason: string): Error =>
  documentFailure('DocumentInputInvalid', `${field}: ${reason}. Correct it: nothing was swept.`, {
    provider: '',
    account: '',
    operation: 'parse',
    field,
    reason,
  });
