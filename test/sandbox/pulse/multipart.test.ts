import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMultipart } from '../../../src/sandbox/pulse/multipart.js';
import { serveDocuments, type DocumentServer } from '../../support/document-server.js';
import { INVOICE_TEXT } from '../client.js';
import { AT_ONCE, withPulse } from './client.js';
import * as shapes from './shapes.js';

const CRLF = '\r\n';
const BOUNDARY = '86dd0e29b8d5b6b1a2b0e3a49c1d8f53';
const FORM = `multipart/form-data; boundary=${BOUNDARY}`;

interface Part {
  name: string;
  value: string;
  type?: string;
  filename?: string;
}

/** A form as the vendor's Python client writes it: objects are typed parts without a filename. */
function pythonForm(parts: readonly Part[]): string {
  const written = parts.map(({ name, value, type, filename }) => {
    const file = filename === undefined ? '' : `; filename="${filename}"`;
    const typed = type === undefined ? '' : `Content-Type: ${type}${CRLF}`;
    return `--${BOUNDARY}${CRLF}Content-Disposition: form-data; name="${name}"${file}${CRLF}${typed}${CRLF}${value}${CRLF}`;
  });
  return `${written.join('')}--${BOUNDARY}--${CRLF}`;
}

let documents: DocumentServer;
let url: string;
beforeAll(async () => {
  documents = await serveDocuments();
  url = documents.add('invoice.txt', INVOICE_TEXT);
});
afterAll(() => documents.close());

describe('a form as the Python client sends it', () => {
  it('typed JSON parts, camelCase within, no file', async () => {
    await withPulse(AT_ONCE, async ({ client }) => {
      const form = pythonForm([
        { name: 'fileUrl', value: url },
        { name: 'pages', value: '1-2' },
        { name: 'storage', value: '{"enabled": false, "folderName": "a"}', type: 'application/json' },
        { name: 'figureProcessing', value: '{"showImages": true}', type: 'application/json' },
        { name: 'extensions', value: '{"altOutputs": {"returnHtml": true}}', type: 'application/json' },
        { name: 'async', value: 'false' },
      ]);
      const { status, body } = await client.raw('/extract', FORM, form);
      expect(status).toBe(200);
      expect(body).toMatchObject({ page_count: 2, extensions: { altOutputs: { html: expect.any(String) as string } } });
      expect(body).not.toHaveProperty('extraction_id');
    });
  });

  it('a file, with bytes of any kind', async () => {
    await withPulse(AT_ONCE, async ({ client }) => {
      const text = `Total: $5.00${CRLF}${CRLF}--${BOUNDARY.slice(1)}${CRLF}ende\u00e9${CRLF}`;
      const form = pythonForm([
        { name: 'file', value: text, filename: 'a "quoted" é.txt'.replaceAll('"', '\\"'), type: 'text/plain' },
      ]);
      const { status, body } = await client.raw('/extract', `multipart/form-data; boundary="${BOUNDARY}"`, form);
      expect(status).toBe(200);
      expect((body as { markdown: string }).markdown).toContain('endeé');
    });
  });

  it.each([
    ['the closing boundary alone', `--${BOUNDARY}--${CRLF}`, 'REQ_001'],
    ['the closing boundary, without its line break', `--${BOUNDARY}--`, 'REQ_001'],
    ['a file without a name, which is text', pythonForm([{ name: 'file', value: 'aGVsbG8=' }]), 'REQ_001'],
    ['nothing', '', 'REQ_002'],
    ['another boundary', `--other--${CRLF}`, 'REQ_002'],
    ['no end', pythonForm([{ name: 'pages', value: '1' }]).slice(0, -40), 'REQ_002'],
    ['a part without a name', `--${BOUNDARY}${CRLF}A: b${CRLF}${CRLF}c${CRLF}--${BOUNDARY}--${CRLF}`, 'REQ_002'],
  ])('%s: 400', async (_name, form, code) => {
    await withPulse(AT_ONCE, async ({ client }) => {
      const { status, body } = await client.raw('/extract', FORM, form);
      expect([status, shapes.error.parse(body).error.code]).toEqual([400, code]);
    });
  });
});

it('any parts that a form writer writes are read back', async () => {
  const part = fc.record({ name: fc.stringMatching(/^[a-z_]+$/), bytes: fc.uint8Array(), file: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
      const form = new FormData();
      const wanted = parts.map(({ name, bytes, file }) => {
        if (file) form.append(name, new File([new Uint8Array(bytes)], 'a b.bin'));
        else form.append(name, Buffer.from(bytes).toString('hex'));
        return { name, filename: file ? 'a b.bin' : null, bytes: Buffer.from(bytes).toString('hex') };
      });
      const written = new Response(form);
      const read = parseMultipart(Buffer.from(await written.arrayBuffer()), written.headers.get('content-type')!);
      expect(
        read?.map(({ name, filename, bytes }) => ({
          name,
          filename,
          bytes: filename === null ? bytes.toString() : bytes.toString('hex'),
        })),
      ).toEqual(wanted);
    }),
    { seed: 7 },
  );
});
