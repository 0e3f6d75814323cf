import { Hono } from 'hono';
import { countCalls, type GuardedCall } from '../calls.js';
import type { SandboxCore, SandboxEnv } from '../core.js';
import { ApiError, envelope, uncoded } from './api-error.js';
import { authorise } from './authorise.js';
import { addJobRoutes } from './job-routes.js';
import { addLargeRoutes } from './large-routes.js';
import { createLibrary } from './library.js';
import { addSubmitRoutes } from './submit-routes.js';
import { DEFAULT_SWITCHES, type PulseSwitches } from './switches.js';
import type { Vendor } from './vendor.js';

/** Endpoints behind flags that no organisation has here. */
const WITHOUT = { '/batch/*': 'batch', '/form/*': 'form_filler' };

/** The vendor's API under its base path. There is no list of jobs. */
export function pulseRoutes(core: SandboxCore, options: Partial<PulseSwitches> = {}): Hono<SandboxEnv> {
  const switches = { ...DEFAULT_SWITCHES, ...options };
  const library = createLibrary(core, switches);
  const vendor: Vendor = { core, switches, library, contents: new Map(), usage: { credits: 0, pages: 0 } };
  const count = countCalls(core, { provider: 'pulse', rateLimited });
  const guard = authorise(core);
  const call: GuardedCall = (...args) => [count(...args), guard];
  const app = new Hono<SandboxEnv>();

  app.onError((error, c) => {
    const known = error instanceof ApiError ? error : uncoded(500, 'The sandbox failed');
    return c.json(known.body, known.status);
  });
  addSubmitRoutes(app, vendor, call);
  addJobRoutes(app, vendor, call);
  addLargeRoutes(app, vendor, count);
  app.post('/webhook', guard, (c) => c.json({ link: 'https://app.svix.com/login#key=sandbox' }));
  for (const [path, flag] of Object.entries(WITHOUT)) {
    app.post(path, guard, () => {
      throw uncoded(403, 'This feature is not enabled for your organization', { flag });
    });
  }
  // Hono asks only the outermost app's notFound.
  app.all('*', () => {
    throw uncoded(404, 'Not found');
  });
  return app;
}

/** What its 429 says, and whether it sends Retry-After, is not documented: the envelope of its other errors. */
function rateLimited(): Response {
  return Response.json(envelope({ code: 429, name: '', message: 'Rate limit exceeded' }), { status: 429 });
}
