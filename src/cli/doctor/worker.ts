import { formatDuration } from '../../jobs/duration.js';
import { shellWord } from '../shell-word.js';
import { bringsWorker } from '../document-queue.js';
import type { Session } from '../connect.js';
import { ok, problem, type Verdict, warning } from './check.js';
import { skewVerdict } from './clock.js';

/** Who asks a task queue for work. */
export interface Pollers {
  taskQueue: string;
  /** Of each worker, ms since it last asked, by this machine's clock; negative when that is ahead of it. */
  workflows: readonly number[];
  activities: readonly number[];
  /** The commands on this queue bring a worker of their own. */
  brought: boolean;
}

const WORKFLOW_TYPE = 1;
const ACTIVITY_TYPE = 2;
const NORMAL_QUEUE = 1;
/** A worker asks anew within about a minute; a server remembers for five that it did. */
const GONE_MS = 90_000;
const REMEMBERED_MS = 5 * 60_000;

export async function readPollers(session: Session, taskQueue: string): Promise<Pollers> {
  const { client, namespace } = session;
  const agesOf = async (taskQueueType: number): Promise<number[]> => {
    const asked = { namespace, taskQueue: { name: taskQueue, kind: NORMAL_QUEUE }, taskQueueType };
    const { pollers } = await client.workflowService.describeTaskQueue(asked);
    const now = Date.now();
    return (pollers ?? []).map(({ lastAccessTime: at }) => now - Number(at?.seconds ?? 0) * 1_000);
  };
  const [workflows, activities] = await Promise.all([agesOf(WORKFLOW_TYPE), agesOf(ACTIVITY_TYPE)]);
  return { taskQueue, workflows, activities, brought: bringsWorker(session, taskQueue) };
}

export function workerVerdict({ taskQueue, workflows, activities, brought }: Pollers): Verdict {
  const some = workflows.length + activities.length > 0;
  if (!some && brought) return ok(`the commands on task queue ${taskQueue} bring their own`);
  const mend = `start one, "docjobs worker --task-queue ${shellWord(taskQueue)}" or your own, or name its queue with --task-queue`;
  if (!some) return problem(`none asks for work on task queue ${taskQueue}: documents wait there`, mend);
  if (workflows.length === 0)
    return problem(`none asks for workflows on task queue ${taskQueue}, only for activities`, mend);
  if (activities.length === 0)
    return problem(`none asks for activities on task queue ${taskQueue}, only for workflows`, mend);
  const [age, words] = [Math.max(0, lastOf(workflows), lastOf(activities)), `on task queue ${taskQueue}`];
  if (age > GONE_MS) {
    return warning(`the last one asked for work ${words} ${formatDuration(age)} ago`, 'see whether it still runs');
  }
  const count = Math.max(workflows.length, activities.length);
  return ok(`${count} ask${count === 1 ? 's' : ''} for work ${words}, the last ${formatDuration(age)} ago`);
}

/**
 * Temporal tells no time; but when a worker last asked is by the server's clock: it can't lie ahead of a clock that is right, nor further back than a
 * server remembers.
 */
export function temporalClockVerdict({ workflows, activities }: Pollers): Verdict | null {
  const ages = [...workflows, ...activities];
  if (ages.length === 0) return null;
  const [least, most] = [Math.min(...ages), Math.max(...ages)];
  const skew = least < 0 ? -least : Math.min(0, REMEMBERED_MS - most);
  return skewVerdict(skew, 'Temporal') ?? ok("agrees with Temporal's, as far as its workers show");
}

const lastOf = (ages: readonly number[]): number => Math.min(...ages);
