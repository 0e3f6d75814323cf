import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { FileForm } from '../http/file-form.js';
import type { HttpClient, HttpReply } from '../http/http-client.js';
import { parseJson, parseWith } from '../http/parse-reply.js';
import type { CallContext, DocumentFile } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { storageError } from './errors.js';
import { Uploaded } from './schemas.js';

/** The vendor takes 100 MB directly; a little below it goes through a presigned URL. */
const DIRECT_LIMIT = 95_000_000;
const ENDPOINT = 'POST /upload';

export interface UploadDeps {
  http: HttpClient;
  /** An authorized POST to the vendor that throws for anything but a success. */
  post: (path: string, body: FileForm | string, context: CallContext) => Promise<HttpReply>;
}

/** Uploads a file, streaming it from disk. @returns the vendor's `reducto://` reference. */
export async function uploadFile(source: DocumentFile, deps: UploadDeps, context: CallContext): Promise<string> {
  return source.size <= DIRECT_LIMIT ? uploadDirectly(source, deps, context) : uploadPresigned(source, deps, context);
}

async function uploadDirectly(source: DocumentFile, { post }: UploadDeps, context: CallContext): Promise<string> {
  const form = await FileForm.open(source);
  const reply = await post('/upload', form, context).finally(() => form.close());
  return parseWith(Uploaded, parseJson(reply.text, ENDPOINT), ENDPOINT).file_id;
}

/** An upload without a file answers with a place to PUT it; the extension is the only hint of its kind that the vendor gets. */
async function uploadPresigned(
  source: DocumentFile,
  { http, post }: UploadDeps,
  context: CallContext,
): Promise<string> {
  const extension = extname(source.filename);
  const query = extension === '' ? '' : `?extension=${encodeURIComponent(extension)}`;
  const reply = await post(`/upload${query}`, '{}', context);
  const { file_id: reference, presigned_url: url } = parseWith(Uploaded, parseJson(reply.text, ENDPOINT), ENDPOINT);
  const namedBy = 'presigned_url';
  if (!url) {
    const reason = `no ${namedBy}`;
    throw new VendorError({ kind: 'invalid_reply', endpoint: ENDPOINT, reason, sent: true, field: namedBy });
  }
  const endpoint = 'PUT presigned upload';
  const headers = { 'content-length': String(source.size) };
  // It is opened before the URL is looked at, and no error of a file that nobody reads may end the process.
  const body = createReadStream(source.path).on('error', () => undefined);
  const call = { method: 'PUT', url, endpoint, namedBy, headers, body, isUpload: true } as const;
  const put = await http.send(call, context).finally(() => body.destroy());
  if (put.status < 200 || put.status > 299) throw storageError(endpoint, put);
  return reference;
}
