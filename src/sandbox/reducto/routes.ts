import { Hono } from 'hono';
import { countCalls, type GuardedCall } from '../calls.js';
import type { SandboxCore, SandboxEnv } from '../core.js';
import { apiError, ApiError } from './api-error.js';
import { authorise } from './authorise.js';
import { addJobRoutes } from './job-routes.js';
import type { RateLimits } from '../limits.js';
import { addListRoutes } from './list-routes.js';
import { createReferenceBook } from './references.js';
import { addSubmitRoutes } from './submit-routes.js';
import { DEFAULT_SWITCHES, type ReductoSwitches } from './switches.js';
import { addUploadRoutes } from './upload-routes.js';
import type { Vendor } from './vendor.js';

/** The vendor's API under its base path. */
export function reductoRoutes(core: SandboxCore, options: Partial<ReductoSwitches> = {}): Hono<SandboxEnv> {
  const switches = { ...DEFAULT_SWITCHES, ...options };
  const vendor: Vendor = { core, switches, references: createReferenceBook(core, switches), contents: new Map() };
  const count = countCalls(core, { provider: 'reducto', rateLimited });
  const guard = authorise(core);
  const call: GuardedCall = (...args) => [count(...args), guard];
  const app = new Hono<SandboxEnv>();

  app.onError((error, c) => {
    const known = error instanceof ApiError ? error : apiError(500, 'INTERNAL_ERROR', 'The sandbox failed.');
    return c.json(known.body, known.status);
  });
  app.get('/version', (c) => c.json('sandbox'));
  app.post('/configure_webhook', guard, (c) => c.json('https://app.svix.com/login#key=sandbox'));
  addSubmitRoutes(app, vendor, call);
  addJobRoutes(app, vendor, call);
  addListRoutes(app, vendor, call);
  addUploadRoutes(app, vendor, call);
  // Hono asks only the outermost app's notFound.
  app.all('*', (c) => c.json({ detail: 'Not Found' }, 404));
  return app;
}

/** The edge's 429 has another form than the API's errors, and no Retry-After. */
function rateLimited(limit: keyof RateLimits): Response {
  const message =
    limit === 'readsPerSecond'
      ? '[CODE 2000] rate limit exceeded, please use webhooks instead of polling'
      : '[CODE 1000] rate limit exceeded, retry with exponential backoff';
  return Response.json({ message }, { status: 429 });
}
