import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { DocumentActivities } from './jobs/activities.js';
import { DEFAULT_TASK_QUEUE } from './jobs/names.js';
import { createWebhookHandler, type WebhookHandlerOptions } from './webhooks/index.js';
import { serveWebhooks, type ServeWebhooksOptions } from './webhooks/serve-webhooks.js';

const WORKFLOWS = fileURLToPath(new URL('./workflows/index.js', import.meta.url));

/** A webhook receiver beside the worker. */
export interface WorkerWebhooks
  extends ServeWebhooksOptions, Pick<WebhookHandlerOptions, 'accounts' | 'path' | 'maxBodyBytes' | 'log' | 'mailbox'> {}

export interface DocumentWorkerOptions {
  /** From `createDocumentActivities`; may be merged with activities of your own. */
  activities: DocumentActivities;
  /** Default: from Temporal's standard environment and `temporal.toml`. Closed by {@link runDocumentWorker} only if it opened it. */
  connection?: NativeConnection;
  /** Default: the environment's, else `default`. */
  namespace?: string;
  /** Default `document-jobs`. */
  taskQueue?: string;
  /** How long activities may finish after a shutdown was asked for. Long enough for a submit's reply to arrive. Default 30 s. */
  shutdownGraceTime?: number | string;
  /** Receive webhooks on a port of this process too; {@link runDocumentWorker} only. Default: no. */
  webhooks?: WorkerWebhooks;
  /** Anything else of the SDK's worker: wins over what is chosen here. */
  worker?: Partial<WorkerOptions>;
}

/**
 * The ready-made worker: our workflows, the given activities, and sizes that suit waiting. A poll window holds an activity slot
 * while it waits (the SDK's default of 100 would be 100 documents).
 */
export async function createDocumentWorker(
  options: DocumentWorkerOptions & { connection: NativeConnection },
): Promise<Worker> {
  const { activities, connection, namespace, taskQueue = DEFAULT_TASK_QUEUE, shutdownGraceTime = '30 s' } = options;
  return Worker.create({
    connection,
    ...(namespace === undefined ? {} : { namespace }),
    taskQueue,
    activities,
    ...(options.worker?.workflowBundle === undefined ? { workflowsPath: WORKFLOWS } : {}),
    // Ten thousand documents of ten minutes each have some two thousand windows open at once.
    maxConcurrentActivityTaskExecutions: 4_000,
    // Some 250 kB each. A document that sleeps is better replayed than kept.
    maxCachedWorkflows: 1_000,
    // Under a flood of starts the default of 10 s gives up on a busy worker's cache, which makes it busier.
    stickyQueueScheduleToStartTimeout: '20 s',
    shutdownGraceTime,
    ...options.worker,
  });
}

/**
 * Runs the ready-made worker until the process is asked to stop (SIGINT, SIGTERM), then lets activities finish within the grace time.
 * @throws {TransportError} of `@temporalio/worker` when Temporal can't be reached; TypeError for a wrong option of the webhooks, the system's
 * error when their port can't be listened on.
 */
export async function runDocumentWorker(options: DocumentWorkerOptions): Promise<void> {
  const config = loadClientConnectConfig();
  const connection = options.connection ?? (await NativeConnection.connect(config.connectionOptions));
  try {
    const namespace = options.namespace ?? config.namespace;
    const worker = await createDocumentWorker({
      ...options,
      connection,
      ...(namespace === undefined ? {} : { namespace }),
    });
    await using _receiver = await receiverOf(options, connection, namespace);
    await worker.run();
  } finally {
    if (options.connection === undefined) await connection.close();
  }
}

/** @returns undefined when none is wanted. */
async function receiverOf(
  { webhooks, worker = {}, ...given }: DocumentWorkerOptions,
  connection: NativeConnection,
  configured: string | undefined,
): Promise<AsyncDisposable | undefined> {
  if (webhooks === undefined) return undefined;
  const { port, host, ...options } = webhooks;
  // As the worker has them: a signal that it could not decode would stop the workflow.
  const { taskQueue = given.taskQueue ?? DEFAULT_TASK_QUEUE, namespace = configured, dataConverter } = worker;
  const client = new Client({
    connection,
    ...(namespace === undefined ? {} : { namespace }),
    ...(dataConverter === undefined ? {} : { dataConverter }),
  });
  const handler = createWebhookHandler({ mailbox: { taskQueue }, ...options, client });
  const server = await serveWebhooks(handler, { port, ...(host === undefined ? {} : { host }) });
  return { [Symbol.asyncDispose]: () => server.close() };
}
