import type { Context } from '@temporalio/activity';
import type { SubmitInput } from '../jobs/activities.js';
import type { SubmitStamp, WantedJob } from '../providers/provider.js';
import type { ActivityDeps } from './activity-deps.js';
import { submitMarker } from './marker.js';

/** How a submit's job is told from all others. */
export interface Stamping {
  stamp: SubmitStamp;
  /** The stamp's marker, and those of the resubmits that an earlier life of the workflow may have got to. */
  markers: WantedJob['markers'];
}

/** The same in every attempt, but for the owner, which only the reaper needs. */
export async function stampingOf(
  { namespaces }: Pick<ActivityDeps, 'namespaces'>,
  context: Context,
  { marker, request, resubmitsAhead = 0 }: SubmitInput,
): Promise<Stamping> {
  const { namespace, workflowExecution } = context.info;
  const workflowId = workflowExecution?.workflowId;
  const origin = { namespace, ...(workflowId === undefined ? {} : { workflowId }) };
  const markerOf = (ahead: number): string =>
    submitMarker(origin, { ...marker, resubmit: marker.resubmit + ahead }, request);
  const own = markerOf(0);
  const later = Array.from({ length: resubmitsAhead }, (_, index) => markerOf(index + 1));
  const namespaceId = workflowId === undefined ? undefined : await namespaces.of(context);
  const { firstExecutionRunId } = marker;
  const isOwned = workflowId !== undefined && namespaceId !== undefined;
  const owner = isOwned ? { owner: { namespaceId, workflowId, firstExecutionRunId } } : {};
  return { stamp: { marker: own, ...owner }, markers: [own, ...later] };
}
