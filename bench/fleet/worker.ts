// The worker of one strategy, in a process of its own. Answers each message with its figures.
import { NativeConnection, Runtime, DefaultLogger, Worker } from '@temporalio/worker';
import { Client, Connection } from '@temporalio/client';
import { createDocumentActivities, fileStore, memoryStore, reducto } from '../../src/index.js';
import { createTemporalDelivery, createWebhookHandler } from '../../src/webhooks/index.js';
import { serveWebhooks } from '../../src/webhooks/serve-webhooks.js';
import { createDocumentWorker } from '../../src/worker.js';
import { SECRET, type WorkerFigures, type WorkerOrder } from './messages.js';
import { plainActivities } from './plain-activities.js';

const MB = 1024 * 1024;
const order = JSON.parse(process.argv[2] ?? '{}') as WorkerOrder;
const { strategy, address, taskQueue } = order;
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: {
    logging: { filter: 'OFF', forward: {} },
    metrics: { prometheus: { bindAddress: `127.0.0.1:${order.metricsPort}` } },
  },
});
let peak = 0;
setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 250).unref();

const connection = await NativeConnection.connect({ address });
const worker = strategy.startsWith('ours') ? await ourWorker() : await plainWorker();
const running = worker.run();
if (strategy === 'ours, webhook') await receive(order.webhookPort);

process.on('message', () => {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const figures: WorkerFigures = {
    cpuMs: (user + system) / 1_000,
    rssMb: Math.round(rss / MB),
    peakMb: Math.round(Math.max(peak, rss) / MB),
    heapMb: Math.round(heapUsed / MB),
  };
  process.send?.(figures);
});
process.on('disconnect', () => process.exit());
process.send?.('up');
await running;

function ourWorker(): Promise<Worker> {
  const account = reducto({
    apiKey: 'key',
    baseUrl: order.vendorUrl,
    ...(strategy === 'ours, webhook' ? { webhook: { mode: 'svix' } } : {}),
    ...(order.readsPerSecond === undefined ? {} : { quota: { readsPerSecond: order.readsPerSecond } }),
  });
  return createDocumentWorker({
    connection,
    taskQueue,
    activities: createDocumentActivities({
      accounts: { reducto: { ...account, expectedMs: () => order.expectedMs } },
      results: order.results === undefined ? memoryStore() : fileStore(order.results),
      ...(order.manifests === undefined ? {} : { manifests: order.manifests }),
      ...(strategy === 'ours, single reads' ? { sharedReads: 'never' } : {}),
    }),
    worker: {
      workflowBundle: { codePath: order.bundlePath },
      ...(order.maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows: order.maxCachedWorkflows }),
    },
  });
}

/** The same sizes as ours, so that only the shape of the wait differs. */
function plainWorker(): Promise<Worker> {
  return Worker.create({
    connection,
    taskQueue,
    activities: plainActivities(order.vendorUrl),
    workflowBundle: { codePath: order.bundlePath },
    maxConcurrentActivityTaskExecutions: 4_000,
    maxCachedWorkflows: order.maxCachedWorkflows ?? 1_000,
    stickyQueueScheduleToStartTimeout: '20 s',
  });
}

async function receive(port: number): Promise<void> {
  const client = new Client({ connection: await Connection.connect({ address }) });
  const deliver = createTemporalDelivery({ client, mailbox: { taskQueue } });
  const accounts = { reducto: { provider: 'reducto', secrets: SECRET } } as const;
  await serveWebhooks(createWebhookHandler({ accounts, deliver, log: () => undefined }), { port });
}
