import { NativeConnection } from '@temporalio/worker';
import type { DocumentActivities } from '../jobs/activities.js';
import { createDocumentWorker } from '../worker.js';
import { messageOf } from './cli-error.js';
import type { Session } from './connect.js';
import { workflowBundle } from './workflow-bundle.js';

export interface LocalWorker {
  /** Rejects when the worker breaks down. */
  done: Promise<void>;
  /** Lets activities finish for a moment, then returns. */
  stop(): Promise<void>;
}

/** A worker inside this command. */
export async function startLocalWorker(
  session: Pick<Session, 'connectionOptions' | 'namespace' | 'stateDir'>,
  taskQueue: string,
  activities: DocumentActivities,
  log: (text: string) => void,
): Promise<LocalWorker> {
  const codePath = await workflowBundle(session.stateDir);
  const connection = await NativeConnection.connect(session.connectionOptions);
  const worker = await createDocumentWorker({
    connection,
    namespace: session.namespace,
    taskQueue,
    activities,
    shutdownGraceTime: '5 s',
    // The last command may have been killed: its cached workflows are soon given up.
    worker: { workflowBundle: { codePath }, stickyQueueScheduleToStartTimeout: '2 s' },
  });
  const done = worker.run();
  const ended = done.catch((error: unknown) => log(`the worker broke down: ${messageOf(error)}`));
  return {
    done,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
      await connection.close();
    },
  };
}
