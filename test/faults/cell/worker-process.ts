// A worker as a user would run it, in a process that can be killed. Its servers are behind proxies; it knows nothing of faults.
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createDocumentActivities, pulse, reducto } from '../../../src/index.js';
import { createDocumentWorker } from '../../../src/worker.js';
import { httpStore } from './http-store.js';
import type { WorkerSettings } from './workers.js';

const { address, taskQueue, codePath, vendors, store } = JSON.parse(process.argv[2]!) as WorkerSettings;

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});
const connection = await NativeConnection.connect({ address });
const worker = await createDocumentWorker({
  connection,
  taskQueue,
  activities: createDocumentActivities({
    accounts: { reducto: reducto(vendors.reducto), pulse: pulse(vendors.pulse) },
    results: httpStore(store),
  }),
  worker: {
    workflowBundle: { codePath },
    // A killed worker's cached workflows are soon given up.
    stickyQueueScheduleToStartTimeout: '1s',
    // A held task keeps a poller from its work.
    maxConcurrentActivityTaskPolls: 60,
    maxConcurrentWorkflowTaskPolls: 30,
    reuseV8Context: true,
  },
});
process.on('SIGTERM', () => worker.shutdown());
// Nobody is left to kill it.
process.on('disconnect', () => process.exit(1));
process.send!('ready');
await worker.run();
await connection.close();
process.exit(0);
