import type { Session } from '../connect.js';
import { ok, problem, type Verdict, warning } from './check.js';
import { listDocuments, type Listed } from './recent-documents.js';

/** Why a running document makes no headway. */
export interface Stuck {
  workflowId: string;
  /** Its workflow code fails, or an activity of this type does. */
  what: 'workflow' | { activity: string; failure: string | null };
  attempt: number;
}

export interface RunningDocuments {
  /** Looked at; there may be more. */
  running: number;
  stuck: Stuck[];
}

const LOOKED_AT = 50;
/** A restart of a worker is behind the first few. */
const WORKFLOW_ATTEMPTS = 3;
const ACTIVITY_ATTEMPTS = 5;
const SHOWN = 3;

/** One list, and a look at each of the 50 latest. */
export async function readRunningDocuments(session: Session, types: readonly string[]): Promise<RunningDocuments> {
  const listed = await listDocuments(session, types, "ExecutionStatus = 'Running'", LOOKED_AT);
  const found = await Promise.all(listed.map((one) => stuckIn(session, one)));
  return { running: listed.length, stuck: found.flat() };
}

async function stuckIn({ client, namespace }: Session, execution: Listed): Promise<Stuck[]> {
  const { workflowId } = execution;
  const { pendingActivities, pendingWorkflowTask } = await client.workflowService.describeWorkflowExecution({
    namespace,
    execution,
  });
  const attempt = pendingWorkflowTask?.attempt ?? 0;
  if (attempt >= WORKFLOW_ATTEMPTS) return [{ workflowId, what: 'workflow', attempt }];
  return (pendingActivities ?? [])
    .filter((activity) => (activity.attempt ?? 0) >= ACTIVITY_ATTEMPTS)
    .map(({ attempt, activityType, lastFailure }) => ({
      workflowId,
      // The type alone: what an activity of somebody else's says may hold anything.
      what: { activity: activityType?.name ?? '', failure: lastFailure?.applicationFailureInfo?.type ?? null },
      attempt: attempt ?? 0,
    }))
    .slice(0, 1);
}

export function documentsVerdict({ running, stuck }: RunningDocuments): Verdict {
  const all = running === LOOKED_AT ? `the last ${running} running` : `${running} running`;
  if (stuck.length === 0) return ok(running === 0 ? 'none runs' : `${all}, none is stuck`);
  const shown = stuck.slice(0, SHOWN).map(stuckText);
  const more = stuck.length > SHOWN ? ` and ${stuck.length - SHOWN} more` : '';
  const words = `${stuck.length} of ${all} ${stuck.length === 1 ? 'makes' : 'make'} no headway: ${shown.join(', ')}${more}`;
  if (stuck.some(({ what }) => what === 'workflow')) {
    return problem(
      words,
      "the worker's log says why its workflow code fails; changed code needs patched() (docs/upgrading.md)",
    );
  }
  return warning(words, `"docjobs status ${stuck[0]?.workflowId ?? 'ID'}" and the worker's log say more`);
}

function stuckText({ workflowId, what, attempt }: Stuck): string {
  if (what === 'workflow') return `${workflowId} (workflow code, attempt ${attempt})`;
  const why = what.failure === null ? '' : `: ${what.failure}`;
  return `${workflowId} (${what.activity}, attempt ${attempt}${why})`;
}
