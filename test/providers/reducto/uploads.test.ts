import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DocumentFile } from '../../../src/providers/provider.js';
import { reducto } from '../../../src/providers/reducto/index.js';
import { VendorError } from '../../../src/providers/vendor-error.js';
import { type Answer, type Seen, serveVendor } from '../vendor-server.js';

const LARGE = 96_000_000;
let folder: string;
let small: DocumentFile;
let large: DocumentFile;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uploads-'));
  const source = async (name: string, size: number): Promise<DocumentFile> => {
    const path = join(folder, name);
    await writeFile(path, '%PDF-1.7 äöü');
    await truncate(path, size);
    return { path, size, filename: `rechnung ü ${name}`, contentType: 'application/pdf' };
  };
  small = await source('small.pdf', 15);
  large = await source('large.pdf', LARGE);
});
afterAll(() => rm(folder, { recursive: true }));

async function upload(source: DocumentFile, answers: (seen: Seen, url: string) => Answer) {
  await using server = await serveVendor(answers, 10_000);
  const provider = reducto({ apiKey: 'sk-1', baseUrl: server.url });
  try {
    const outcome = await provider.upload?.(source, {}).catch((error: unknown) => error as VendorError);
    return { outcome, seen: server.seen };
  } finally {
    await provider.close();
  }
}

it('sends a small file as one multipart part named file, with its name and kind', async () => {
  const { outcome, seen } = await upload(small, () => ({
    status: 200,
    body: { file_id: 'reducto://f.pdf', presigned_url: null },
  }));
  expect(outcome).toEqual({ reference: 'reducto://f.pdf' });
  expect(seen).toMatchObject([{ method: 'POST', url: '/upload', headers: { authorization: 'Bearer sk-1' } }]);
  expect(seen[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  expect(seen[0]?.body).toMatch(
    /^--\S+\r\nContent-Disposition: form-data; name="file"; filename="rechnung ü small.pdf"\r\nContent-Type: application\/pdf\r\n\r\n%PDF-1.7 äöü\r\n--\S+--\r\n$/,
  );
});

it('sends a large file to a presigned URL, without the key', async () => {
  const { outcome, seen } = await upload(large, ({ method }, base) =>
    method === 'PUT'
      ? { status: 200 }
      : { status: 200, body: { file_id: 'reducto://f', presigned_url: `${base}/put?X-Amz-Signature=1` } },
  );
  expect(outcome).toEqual({ reference: 'reducto://f' });
  expect(seen).toHaveLength(2);
  expect(seen[0]).toMatchObject({ method: 'POST', url: '/upload?extension=.pdf', body: '{}' });
  const [, put] = seen;
  expect(put).toMatchObject({ method: 'PUT', url: '/put?X-Amz-Signature=1' });
  expect(put?.headers).toMatchObject({ 'content-length': String(LARGE), 'x-seen-bytes': String(LARGE) });
  expect(put?.headers).not.toHaveProperty('authorization');
  expect(put?.headers).not.toHaveProperty('transfer-encoding');
});

const presigned = (presigned_url: unknown): Answer => ({
  status: 200,
  body: { file_id: 'reducto://f', presigned_url },
});
const denied = '<Error><Code>SignatureDoesNotMatch</Code><SignatureProvided>abc</SignatureProvided></Error>';

it.each([
  ['no URL', () => presigned(null), { kind: 'invalid_reply', field: 'presigned_url' }],
  [
    'a URL that is not https',
    () => presigned('http://storage.example/put?sig=abc'),
    { kind: 'invalid_reply', field: 'presigned_url' },
  ],
  [
    'a URL of a metadata service',
    () => presigned('https://169.254.169.254/put?sig=abc'),
    { kind: 'invalid_reply', field: 'presigned_url' },
  ],
  [
    'a refusal by the storage',
    ({ method }: Seen, base: string) =>
      method === 'PUT' ? { status: 403, body: denied } : presigned(`${base}/put?sig=abc`),
    { kind: 'server', httpStatus: 403, reason: '403 storage says SignatureDoesNotMatch' },
  ],
  ['no file id', () => ({ status: 200, body: {} }), { kind: 'invalid_reply', field: 'file_id' }],
  ['too large', () => ({ status: 413, body: '' }), { kind: 'rejected', httpStatus: 413 }],
])('a large upload answered with %s fails', async (_what, answers, facts) => {
  const { outcome } = await upload(large, answers);
  expect(outcome).toBeInstanceOf(VendorError);
  expect((outcome as VendorError).facts).toMatchObject(facts);
  expect(JSON.stringify((outcome as VendorError).facts)).not.toContain('abc');
});
