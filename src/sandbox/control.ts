import { Hono } from 'hono';
import type { SandboxCore, SandboxEnv } from './core.js';
import { parseFaults } from './parse-faults.js';

/** `/_sandbox`: the ledger and the fault script for whoever is in another process. No key is needed. */
export function controlRoutes({ clock, ledger, faults }: SandboxCore): Hono<SandboxEnv> {
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
  return app;
}
