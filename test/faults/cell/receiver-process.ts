// A webhook receiver as a user would run it, in a process that can be killed. Temporal is behind a proxy; it knows nothing of faults.
import { Client, Connection } from '@temporalio/client';
import { createWebhookHandler } from '../../../src/webhooks/index.js';
import { serveWebhooks } from '../../../src/webhooks/serve-webhooks.js';
import type { ReceiverSettings } from './receiver.js';

const { address, port, taskQueue, secrets } = JSON.parse(process.argv[2]!) as ReceiverSettings;

const client = new Client({ connection: await Connection.connect({ address }) });
const handler = createWebhookHandler({
  accounts: { reducto: { provider: 'reducto', secrets }, pulse: { provider: 'pulse', secrets } },
  client,
  mailbox: { taskQueue },
  log: () => undefined,
});
await serveWebhooks(handler, { port });
// Nobody is left to kill it.
process.on('disconnect', () => process.exit(1));
process.send!('ready');
