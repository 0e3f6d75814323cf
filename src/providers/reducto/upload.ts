import { createReadStream, openAsBlob } from 'node:fs';
import { extname } from 'node:path';
import { FormData } from 'undici';
import type { HttpClient, HttpReply } from '../http/http-client.js';
import { parseJson, parseWith } from '../http/parse-reply.js';
import type { CallContext, UploadSource } from '../provider.js';
import { redact } from '../redact.js';
import { VendorError } from '../vendor-error.js';
import { Uploaded } from './schemas.js';

/** The vendor takes 100 MB directly; a little below it goes through a presigned URL. */
const DIRECT_LIMIT = 95_000_000;
const ENDPOINT = 'POST /upload';

/** An authorized POST to the vendor that throws for anything but a success. */
export type PostUpload = (path: string, body: FormData | string, context: CallContext) => Promise<HttpReply>;

/** Uploads a file, streaming it from disk. @returns the vendor's `reducto://` reference. */
export async function uploadFile(
  source: UploadSource,
  http: HttpClient,
  post: PostUpload,
  context: CallContext,
): Promise<string> {
  return source.size <= DIRECT_LIMIT
    ? uploadDirectly(source, post, context)
    : uploadPresigned(source, http, post, context);
}

async function uploadDirectly(source: UploadSource, post: PostUpload, context: CallContext): Promise<string> {
  const form = new FormData();
  form.append('file', await openAsBlob(source.path, { type: source.contentType }), source.filename);
  const reply = await post('/upload', form, context);
  return parseWith(Uploaded, parseJson(reply.text, ENDPOINT), ENDPOINT).file_id;
}

/** An upload without a file answers with a place to PUT it; the extension is the only hint of its kind that the vendor gets. */
async function uploadPresigned(
  source: UploadSource,
  http: HttpClient,
  post: PostUpload,
  context: CallContext,
): Promise<string> {
  const reply = await post(`/upload?extension=${encodeURIComponent(extname(source.filename))}`, '{}', context);
  const { file_id: reference, presigned_url: url } = parseWith(Uploaded, parseJson(reply.text, ENDPOINT), ENDPOINT);
  if (!url)
    throw new VendorError({
      kind: 'invalid_reply',
      endpoint: ENDPOINT,
      reason: 'no presigned_url',
      sent: true,
      field: 'presigned_url',
    });
  const endpoint = 'PUT presigned upload';
  const put = await http.send(
    {
      method: 'PUT',
      url,
      endpoint,
      headers: { 'content-length': String(source.size) },
      body: createReadStream(source.path),
    },
    context,
  );
  if (put.status >= 300) {
    throw new VendorError({
      kind: 'server',
      endpoint,
      httpStatus: put.status,
      reason: redact(put.text) || `${put.status}`,
      sent: true,
    });
  }
  return reference;
}
