// The worker on Restate, in a process of its own.
import type { WorkflowContext } from '@restatedev/restate-sdk';
import { createVendorClient, type JobResult } from './vendor-client.js';
import { EVERY_MS, FIRST_LOOK, type RestateOrder } from './worker-order.js';

process.env['NODE_ENV'] = 'production';
process.env['RESTATE_LOGGING'] = 'ERROR';
// Restate's SDK takes it for granted; Node has it from 22 on.
const builtIn = Promise as unknown as { withResolvers?: () => object };
builtIn.withResolvers ??= () => {
  const settle: object = {};
  const promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }));
  return Object.assign(settle, { promise });
};
// It reads these when it is loaded.
const restate = await import('@restatedev/restate-sdk');

const order = JSON.parse(process.argv[2] ?? '{}') as RestateOrder;
const vendor = createVendorClient(order.vendorUrl);

async function processDocument(context: WorkflowContext, source: string): Promise<JobResult> {
  const jobId = await context.run('submit', () => vendor.submit(source), { maxRetryAttempts: 1 });
  await context.sleep(order.expectedMs * FIRST_LOOK);
  if (order.polling === 'step') return context.run('wait', () => vendor.waitFor(jobId, EVERY_MS));
  for (;;) {
    const result = await context.run('read', () => vendor.read(jobId));
    if (result !== null) return result;
    await context.sleep(EVERY_MS);
  }
}

const documents = restate.workflow({
  name: 'Documents',
  handlers: { run: processDocument },
  // A step that waits writes nothing for a while; the docs tell to raise both then.
  ...(order.polling === 'step'
    ? { options: { inactivityTimeout: { minutes: 15 }, abortTimeout: { minutes: 15 } } }
    : {}),
});
await restate.serve({ services: [documents], port: order.port });
process.on('disconnect', () => process.exit());
process.send?.('up');
