import { serve } from '@hono/node-server';
import { Client, Connection } from '@temporalio/client';
import { Hono } from 'hono';
import { createWebhookHandler } from 'temporal-document-jobs/webhooks';

const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, REDUCTO_WEBHOOK_SECRET, PORT } = process.env;
const connection = Connection.lazy({ address: TEMPORAL_ADDRESS ?? '127.0.0.1:7233' });
const receive = createWebhookHandler({
  accounts: { reducto: { provider: 'reducto', secrets: REDUCTO_WEBHOOK_SECRET } },
  client: new Client({ connection, namespace: TEMPORAL_NAMESPACE ?? 'default' }),
});

// Every method: what is no POST is answered by the receiver.
const app = new Hono().all('/webhooks/*', (c) => receive(c.req.raw));
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(PORT ?? 3000) });
