import { Client, Connection } from '@temporalio/client';
import { createWebhookHandler } from 'temporal-document-jobs/webhooks';

// `next build` loads this file too: it connects with the first event, and asks for the secret then.
const connection = Connection.lazy({ address: process.env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233' });
const client = new Client({ connection, namespace: process.env.TEMPORAL_NAMESPACE ?? 'default' });
const secrets = () => process.env.REDUCTO_WEBHOOK_SECRET ?? '';

export const POST = createWebhookHandler({
  accounts: { reducto: { provider: 'reducto', secrets } },
  path: '/api/documents',
  client,
});
