import { Hono } from 'hono';
import type { SandboxCore, SandboxEnv } from './core.js';
import { parseLimits } from './limits.js';
import { parseFaults } from './parse-faults.js';
import { webhookRoutes } from './webhooks/webhook-routes.js';

/** `/_sandbox`: the ledger, the fault script, the limits and the webhooks' endpoints for whoever is in another process. No key is needed. */
export function controlRoutes(core: SandboxCore): Hono<SandboxEnv> {
  const { clock, ledger, faults, limits } = core;
  const app = new Hono<SandboxEnv>();
  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.get('/ledger', async (c) => {
    await clock.now();
    return c.json(ledger.toJSON());
  });
  app.get('/faults', (c) => c.json(faults.rules()));
  app.post('/faults', async (c) => {
    try {
      faults.set(parseFaults(await c.req.json()));
      return c.json(faults.rules());
    } catch (error) {
      return c.json({ error: error instanceof Error ? error.message : String(error) }, 400);
    }
  });
  app.get('/limits', (c) => c.json({ ...limits.get(), refused: limits.refused() }));
  app.post('/limits', async (c) => {
    try {
      limits.set(parseLimits(await c.req.json()));
      return c.json(limits.get());
    } catch (error) {
      return c.json({ error: error instanceof Error ? error.message : String(error) }, 400);
    }
  });
  app.route('/webhooks', webhookRoutes(core));
  return app;
}
