import { Hono } from 'hono';
import { countCalls } from './calls.js';
import type { SandboxCore, SandboxEnv } from './core.js';

/** PUT and GET of presigned URLs. As at S3, an API key is not wanted here: the signature is the permission. */
export function storageRoutes(core: SandboxCore): Hono<SandboxEnv> {
  const { storage, clock } = core;
  const call = countCalls(core, { provider: null, rateLimited: () => Response.json({}, { status: 429 }) });
  const app = new Hono<SandboxEnv>();

  app.use('/:key{.+}', async (c, next) => {
    if (c.req.header('authorization') !== undefined) {
      return s3Error(400, 'InvalidArgument', 'Only one auth mechanism allowed');
    }
    const verdict = storage.check(c.req.method, c.req.param('key'), c.req.query(), await clock.now());
    if (verdict === 'forged') return s3Error(403, 'SignatureDoesNotMatch', 'The request signature does not match');
    if (verdict === 'expired') return s3Error(403, 'AccessDenied', 'Request has expired');
    return next();
  });
  app.put('/:key{.+}', call('put'), async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    storage.put(c.req.param('key'), { bytes, contentType: 'application/octet-stream' });
    return c.body(null, 200);
  });
  app.get('/:key{.+}', call('fetch'), (c) => {
    const object = storage.get(c.req.param('key'));
    if (!object) return s3Error(404, 'NoSuchKey', 'The specified key does not exist');
    return c.body(new Uint8Array(object.bytes), 200, { 'content-type': object.contentType });
  });
  return app;
}

function s3Error(status: number, code: string, message: string): Response {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return new Response(xml, { status, headers: { 'content-type': 'application/xml' } });
}
