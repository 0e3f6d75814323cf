import type { Context } from 'hono';
import { isJsonObject, type JsonObject } from '../../jobs/json.js';
import type { SandboxEnv } from '../core.js';
import { coded } from './api-error.js';
import { parseMultipart } from './multipart.js';

export interface SentFile {
  name: string;
  bytes: Uint8Array;
}

export interface PulseRequest {
  /** The body's fields; those of a form are text still. */
  fields: JsonObject;
  file: SentFile | null;
}

/** What a form may be longer than its file. */
const FORM_SLACK = 1_000_000;

/**
 * @param takesForms multipart is understood beside JSON
 * @param fileBytes how large a file may be
 * @throws ApiError REQ_002 or FILE_002
 */
export async function readRequest(
  c: Context<SandboxEnv>,
  takesForms: boolean,
  fileBytes: number,
): Promise<PulseRequest> {
  const type = c.req.header('content-type') ?? '';
  if (takesForms && /^multipart\/form-data\b/i.test(type)) return readForm(c, type, fileBytes);
  const fields = await c.req.json<unknown>().catch(() => null);
  if (!isJsonObject(fields)) throw coded('REQ_002', 'Invalid request body');
  return { fields, file: null };
}

async function readForm(c: Context<SandboxEnv>, type: string, fileBytes: number): Promise<PulseRequest> {
  const tooLarge = () => coded('FILE_002', 'File too large', { max_bytes: fileBytes });
  if (Number(c.req.header('content-length') ?? 0) > fileBytes + FORM_SLACK) throw tooLarge();
  const parts = parseMultipart(Buffer.from(await c.req.arrayBuffer()), type);
  if (parts === null) throw coded('REQ_002', 'Invalid request body');
  const sent = parts.find(({ name, filename }) => name === 'file' && filename !== null);
  if (sent && sent.bytes.length > fileBytes) throw tooLarge();
  const texts = parts.filter(({ filename }) => filename === null);
  return {
    fields: Object.fromEntries(texts.map(({ name, bytes }) => [name, bytes.toString('utf8')])),
    file: sent ? { name: sent.filename!, bytes: new Uint8Array(sent.bytes) } : null,
  };
}
