import { NativeConnection } from '@temporalio/worker';
import type { DocumentActivities } from '../jobs/activities.js';
import { createDocumentWorker } from '../worker.js';
import { messageOf } from './cli-error.js';
import type { Session } from './connect.js';
import { workflowBundle } from './workflow-bundle.js';

export interface LocalWorker {
  /** Rejects when the worker breaks down. */
  done: Promise<void>;
  /** False before the first poll, and from the moment it was asked to stop. */
  isRunning(): boolean;
  /** Lets activities finish for the grace time, then returns. */
  stop(): Promise<void>;
}

const DEFAULT_GRACE_MS = 5_000;

/** A worker inside this command. */
export async function startLocalWorker(
  session: Pick<Session, 'connectionOptions' | 'namespace' | 'stateDir'>,
  taskQueue: string,
  activities: DocumentActivities,
  log: (text: string) => void,
  graceMs = DEFAULT_GRACE_MS,
): Promise<LocalWorker> {
  const codePath = await workflowBundle(session.stateDir);
  const connection = await NativeConnection.connect(session.connectionOptions);
  const worker = await createDocumentWorker({
    connection,
    namespace: session.namespace,
    taskQueue,
    activities,
    shutdownGraceTime: graceMs,
    // The last command may have been killed: its cached workflows are soon given up.
    worker: { workflowBundle: { codePath }, stickyQueueScheduleToStartTimeout: '2 s' },
  });
  const done = worker.run();
  const ended = done.catch((error: unknown) => log(`the worker broke down: ${messageOf(error)}`));
  return {
    done,
    isRunning: () => worker.getState() === 'RUNNING',
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
      await connection.close();
    },
  };
}
