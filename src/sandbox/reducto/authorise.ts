import type { MiddlewareHandler } from 'hono';
import type { SandboxCore, SandboxEnv } from '../core.js';
import { apiError } from './api-error.js';

const FORBIDDEN =
  '<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

/** A missing header is turned away by the proxy in front (HTML), a wrong key by the API (JSON). */
export function authorise({ key, ledger }: SandboxCore): MiddlewareHandler<SandboxEnv> {
  return async (c, next) => {
    const header = c.req.header('authorization');
    const given = /^Bearer\s*(.*)$/i.exec(header ?? '')?.[1] ?? '';
    if (header !== undefined && given === key) return next();
    ledger.refusedKey();
    if (header === undefined) return c.html(FORBIDDEN, 403);
    throw apiError(401, 'AUTH_ERROR', given === '' ? 'Provide an access token' : 'Invalid access token');
  };
}
