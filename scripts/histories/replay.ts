import { fileURLToPath } from 'node:url';
import { temporal } from '@temporalio/proto';
import { bundleWorkflowCode, DefaultLogger, type InjectedSinks, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { SeenActivities } from './seen-activities.js';

/** The workflows of `workflowsPath`, made ready for {@link replay}. */
export function bundleForReplay(workflowsPath: string): Promise<WorkflowBundle> {
  const workflowInterceptorModules = [fileURLToPath(new URL('seen-activities.ts', import.meta.url))];
  return bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, logger: new DefaultLogger('ERROR') });
}

/** What an activity was to do, in words; fields that were added since do not count. */
export type Doing = string;

/**
 * Runs a history through the workflows' code. Two activities of one type that changed places, such as the submits of extract and split, pass
 * as determinism: each would be given the other's answer. Hence what each is about is compared too.
 * @returns what the workflow wanted now, and what the history says it did.
 * @throws DeterminismViolationError when the commands differ
 */
export async function replay(
  workflowBundle: WorkflowBundle,
  name: string,
  history: object,
): Promise<{ now: Doing[]; then: Doing[] }> {
  const now: Doing[] = [];
  const activity = { fn: (_info: unknown, type: string, input: unknown) => void now.push(doing(type, input)) };
  const sinks: InjectedSinks<SeenActivities> = { seen: { activity: { ...activity, callDuringReplay: true } } };
  const parsed = temporal.api.history.v1.History.fromObject(history);
  await Worker.runReplayHistory({ workflowBundle, sinks, replayName: name.replace(/\W/g, '-') }, parsed);
  return { now, then: scheduledIn(parsed) };
}

function scheduledIn({ events }: temporal.api.history.v1.IHistory): Doing[] {
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => {
    if (scheduled == null) return [];
    const [payload] = scheduled.input?.payloads ?? [];
    const input: unknown = JSON.parse(Buffer.from(payload?.data ?? []).toString('utf8'));
    return [doing(scheduled.activityType?.name ?? '', input)];
  });
}

function doing(type: string, input: unknown): Doing {
  const { job, request, marker, source } = input as {
    job?: { operation: string; jobId: string };
    request?: { operation: string };
    marker?: { origin: string; ordinal: number; resubmit: number };
    source?: string;
  };
  const about = [
    job?.operation ?? request?.operation,
    job?.jobId,
    marker && `${marker.origin} #${marker.ordinal}.${marker.resubmit}`,
    source,
  ];
  return [type, ...about.filter((one) => one !== undefined)].join(' ');
}
