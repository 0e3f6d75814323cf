// A receiver in a process of its own, which dies with -9 between taking a job's event and telling Temporal, the first time that each job's event comes.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { createTemporalDelivery, createWebhookHandler } from '../../src/webhooks/index.js';
import { serveWebhooks } from '../../src/webhooks/serve-webhooks.js';

const [address = '', port = '', taskQueue = '', secrets = '', folder = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const client = new Client({ connection: await Connection.connect({ address }) });
const deliver = createTemporalDelivery({ client, mailbox: { taskQueue } });
const handler = createWebhookHandler({
  accounts: { reducto: { provider: 'reducto', secrets }, pulse: { provider: 'pulse', secrets } },
  log: () => undefined,
  async deliver(event) {
    const seen = join(folder, event.jobId);
    if (!existsSync(seen)) {
      writeFileSync(seen, '');
      process.kill(process.pid, 'SIGKILL');
    }
    return deliver(event);
  },
});
await serveWebhooks(handler, { port: Number(port) });
process.send?.('up');
process.on('disconnect', () => process.exit());
