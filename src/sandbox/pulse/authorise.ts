import type { Context, MiddlewareHandler } from 'hono';
import type { SandboxCore, SandboxEnv } from '../core.js';
import { coded } from './api-error.js';

/** The key is looked at before the body. */
export function authorise(core: SandboxCore): MiddlewareHandler<SandboxEnv> {
  return async (c, next) => {
    checkKey(core, c);
    return next();
  };
}

/** @throws ApiError without the right key */
export function checkKey({ key, ledger }: SandboxCore, c: Context<SandboxEnv>): void {
  const given = c.req.header('x-api-key') ?? '';
  if (given === key) return;
  ledger.refusedKey();
  throw given === '' ? coded('AUTH_001', 'API key is required') : coded('AUTH_002', 'Invalid API key');
}
