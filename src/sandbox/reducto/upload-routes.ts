import { extname } from 'node:path';
import type { Context, Hono } from 'hono';
import type { GuardedCall } from '../calls.js';
import type { SandboxEnv } from '../core.js';
import { originOf } from '../origin.js';
import { apiError } from './api-error.js';
import type { Vendor } from './vendor.js';

const DIRECT_LIMIT = 100_000_000;
const SCHEME = 'reducto://';

/** Uploads with the bytes, or with a presigned URL for them. */
export function addUploadRoutes(app: Hono<SandboxEnv>, { core, switches }: Vendor, call: GuardedCall): void {
  const { files, storage, clock } = core;

  app.post('/upload', ...call('upload'), async (c) => {
    if (Number(c.req.header('content-length') ?? 0) > DIRECT_LIMIT) {
      throw apiError(413, 'DOCUMENT_TOO_LARGE', 'Files above 100 MB need a presigned upload.');
    }
    const now = await clock.now();
    const extension = dotted(c.req.query('extension') ?? '');
    const file = await filePart(c);
    if (file) {
      const id = files.create(extension || extname(file.name), now);
      files.fill(id, new Uint8Array(await file.arrayBuffer()));
      return c.json({ file_id: SCHEME + id, presigned_url: null });
    }
    // Whatever is no multipart file, a JSON `file` too, gets an id with nothing behind it.
    const id = files.create(extension, now);
    const presigned = storage.sign('PUT', files.storageKey(id), now, switches.urlLifetimeMs);
    return c.json({ file_id: SCHEME + id, presigned_url: originOf(c) + presigned });
  });

  // One client sends the whole id, percent-encoded, others might send it without the scheme.
  app.delete('/upload/:file_id{.+}', ...call('delete'), (c) => {
    const given = decodeURIComponent(c.req.param('file_id'));
    const id = given.startsWith(SCHEME) ? given.slice(SCHEME.length) : given;
    if (!files.delete(id)) throw apiError(404, 'NOT_FOUND', 'File not found.');
    return c.json({ file_id: given });
  });
}

async function filePart(c: Context<SandboxEnv>): Promise<File | null> {
  if (!c.req.header('content-type')?.startsWith('multipart/form-data')) return null;
  const { file } = await c.req.parseBody().catch(() => {
    throw apiError(400, 'INVALID_CONFIG', 'The multipart body could not be read.');
  });
  return file instanceof File ? file : null;
}

/** Documented with and without the dot. */
function dotted(extension: string): string {
  return extension === '' || extension.startsWith('.') ? extension : `.${extension}`;
}
