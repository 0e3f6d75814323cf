import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createDocumentActivities, memoryStore, pulse, reducto, type ResultStore } from '../../src/index.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { createWebhookHandler, type DeliverWebhook, createTemporalDelivery } from '../../src/webhooks/index.js';
import { serveWebhooks } from '../../src/webhooks/serve-webhooks.js';
import { type DocumentServer, serveDocuments } from '../../test/support/document-server.js';
import { startGrpcProxy } from '../../test/support/grpc-proxy.js';
import { bundle } from '../environment.js';
import { logVendor, type VendorLog } from '../vendor-log.js';

/** So that a lost call is looked after in 5 minutes, the least. */
const RETENTION_MS = 3_600_000;
export const SECRET = `whsec_${Buffer.from('a secret of the bench, 32 bytes.').toString('base64')}`;

export type VendorName = 'reducto' | 'pulse';

/** Of the server of these workflows. */
export interface Temporal {
  client: Client;
  address: string;
}

export interface Stage extends AsyncDisposable {
  sandbox: Sandbox;
  documents: DocumentServer;
  store: ResultStore;
  /** Calls that reached the vendor. */
  log: VendorLog;
  /** Heartbeats that reached the server. */
  heartbeats(): number;
  /** @param webhooks false: polled as ever. */
  start(vendor: VendorName, webhooks: boolean): Promise<WorkflowHandle>;
}

export interface StageOptions {
  sandbox?: SandboxOptions;
  /** Sits between the receiver and Temporal. */
  delivery?: (deliver: DeliverWebhook) => DeliverWebhook;
  /** The receiver's URL, where it is another process. */
  receiverAt?: string;
  taskQueue?: string;
  /** Of the worker's activities, for what its waits expect. Default: nobody knows how long a job takes. */
  expectedMs?: number | null;
  /** Of a server that skips time: sandbox and activities live by it, and every heartbeat reaches the server, as in real time. Default: real time. */
  time?: { now: () => Promise<number>; sleep: (ms: number) => Promise<void> };
  /** How long results are kept, ms. Default an hour; `'vendor'` = as long as each vendor does. */
  retentionMs?: number | 'vendor';
}

/** Sandbox, receiver, worker: everything between a vendor's call and the workflow that it wakes, over real HTTP. */
export async function createStage(
  temporal: Temporal,
  {
    sandbox: options = {},
    delivery = (same) => same,
    expectedMs = null,
    receiverAt,
    taskQueue = `webhooks-${randomUUID()}`,
    time,
    retentionMs = RETENTION_MS,
  }: StageOptions,
): Promise<Stage> {
  const [sandbox, documents] = await Promise.all([
    createSandbox({ ...options, ...(time && { now: time.now }) }),
    serveDocuments(),
  ]);
  const [log, proxy] = await Promise.all([logVendor(sandbox.url), startGrpcProxy(temporal.address)]);
  const deliver = delivery(createTemporalDelivery({ client: temporal.client, mailbox: { taskQueue } }));
  const accounts = {
    reducto: { provider: 'reducto', secrets: SECRET },
    pulse: { provider: 'pulse', secrets: SECRET },
  } as const;
  const receiver = await serveWebhooks(createWebhookHandler({ accounts, deliver, log: () => undefined }), { port: 0 });
  const receiverUrl = receiverAt ?? receiver.url;
  for (const provider of ['reducto', 'pulse'] as const) {
    sandbox.webhooks.register({ provider, url: `${receiverUrl}/webhooks/${provider}`, secrets: [SECRET] });
  }
  const store = memoryStore();
  const kept = retentionMs === 'vendor' ? {} : { retentionMs };
  const providers = {
    reducto: reducto({
      ...sandbox.reducto,
      baseUrl: `${log.url}/reducto`,
      webhook: { mode: 'svix' },
      ...kept,
    }),
    pulse: pulse({
      ...sandbox.pulse,
      baseUrl: `${log.url}/pulse`,
      webhook: { mode: 'svix' },
      ...kept,
    }),
  };
  const connection = await NativeConnection.connect({ address: proxy.address });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: { codePath: await bundle('../test/support/workflows.ts') },
    maxConcurrentActivityTaskExecutions: 1_000,
    activities: createDocumentActivities({
      accounts: {
        reducto: { ...providers.reducto, expectedMs: () => expectedMs },
        pulse: { ...providers.pulse, expectedMs: () => expectedMs },
      },
      results: store,
      ...time,
    }),
    ...(time && { maxHeartbeatThrottleInterval: '1 ms' }),
  });
  const running = worker.run();
  return {
    sandbox,
    documents,
    store,
    log,
    heartbeats: () => proxy.counts.get('RecordActivityTaskHeartbeat') ?? 0,
    start: (provider, webhooks) =>
      temporal.client.workflow.start('parseOnly', {
        taskQueue,
        workflowId: `webhooks-${randomUUID()}`,
        args: [documents.url('invoice-packet.pdf'), { provider, webhooks }],
      }),
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      await connection.close();
      await Promise.all([receiver.close(), sandbox.close(), documents.close()]);
      await Promise.all([log[Symbol.asyncDispose](), proxy[Symbol.asyncDispose]()]);
    },
  };
}
