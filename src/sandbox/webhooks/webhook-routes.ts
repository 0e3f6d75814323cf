import { Hono } from 'hono';
import type { SandboxCore, SandboxEnv } from '../core.js';
import type { NewEndpoint } from './endpoints.js';

/**
 * `/_sandbox/webhooks`: what a person does in the vendor's portal. `POST` registers an endpoint and answers with its secrets, `GET` lists them,
 * `DELETE /<id>` removes one.
 */
export function webhookRoutes({ webhooks }: SandboxCore): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  app.get('/', (c) => c.json(webhooks.endpoints()));
  app.post('/', async (c) => {
    try {
      return c.json(webhooks.register(await c.req.json<NewEndpoint>()), 201);
    } catch (error) {
      return c.json({ error: error instanceof Error ? error.message : String(error) }, 400);
    }
  });
  app.delete('/:id', (c) =>
    webhooks.remove(c.req.param('id')) ? c.body(null, 204) : c.json({ error: 'unknown' }, 404),
  );
  return app;
}
