// The worker on DBOS, in a process of its own.
import { DBOS } from '@dbos-inc/dbos-sdk';
import { createVendorClient, type JobResult } from './vendor-client.js';
import { type DbosOrder, EVERY_MS, FIRST_LOOK } from './worker-order.js';

/** More than are ever in flight: a document that waits holds a place. */
const WORKER_CONCURRENCY = 20_000;
const POOL_SIZE = 20;
/** Of reads: what fails for a minute or two is waited out. */
const RETRIED = { retriesAllowed: true, intervalSeconds: 1, backoffRate: 2, maxAttempts: 8 };

const order = JSON.parse(process.argv[2] ?? '{}') as DbosOrder;
const vendor = createVendorClient(order.vendorUrl);

async function processDocument(source: string): Promise<JobResult> {
  const jobId = await DBOS.runStep(() => vendor.submit(source), { name: 'submit' });
  await DBOS.sleep(order.expectedMs * FIRST_LOOK);
  if (order.polling === 'step') {
    return DBOS.runStep(() => vendor.waitFor(jobId, EVERY_MS), { name: 'wait' });
  }
  for (;;) {
    const result = await DBOS.runStep(() => vendor.read(jobId), { name: 'read', ...RETRIED });
    if (result !== null) return result;
    await DBOS.sleep(EVERY_MS);
  }
}

DBOS.registerWorkflow(processDocument, { name: 'processDocument' });
DBOS.setConfig({
  name: 'documents',
  // The same after a restart, so that this process takes up what the dead one had.
  applicationVersion: '1',
  executorID: 'worker-1',
  systemDatabaseUrl: order.databaseUrl,
  systemDatabasePoolSize: POOL_SIZE,
  logLevel: 'error',
});
await DBOS.launch();
await DBOS.registerQueue('documents', { workerConcurrency: WORKER_CONCURRENCY });
process.on('disconnect', () => process.exit());
process.send?.('up');
