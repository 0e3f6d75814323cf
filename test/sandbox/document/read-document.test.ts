import { describe, expect, test } from 'vitest';
import { DocumentUnreadable, readDocument } from '../../../src/sandbox/document/index.js';
import { makeEncryptedPdf, makePdf, makeTextPdf } from '../../support/pdf.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);

async function refusal(document: Uint8Array, password?: string): Promise<DocumentUnreadable> {
  const error: unknown = await readDocument(document, password === undefined ? {} : { password }).catch(
    (e: unknown) => e,
  );
  if (!(error instanceof DocumentUnreadable)) throw new Error('the document was read', { cause: error });
  return error;
}

describe('what cannot be read says why', () => {
  test('empty', async () => {
    expect((await refusal(new Uint8Array())).code).toBe('DOCUMENT_EMPTY');
  });

  test('corrupt', async () => {
    expect((await refusal(bytes('%PDF-1.7\nthis is no PDF'))).code).toBe('DOCUMENT_CORRUPT');
  });

  test('cut off in the middle of its pages', async () => {
    const whole = await makeTextPdf({ pages: 3 });
    expect((await refusal(whole.slice(0, 200))).code).toBe('DOCUMENT_CORRUPT');
  });

  test.each([
    ['a PNG image', PNG],
    ['a ZIP archive or Office document', bytes('PK\u0003\u0004 some archive')],
    ['an HTML page', bytes('<!doctype html><html><body>Not found</body></html>')],
    ['a binary file of unknown type', new Uint8Array([0, 1, 2, 3, 255, 254])],
  ])('unsupported: %s', async (kind, document) => {
    const error = await refusal(document);
    expect(error.code).toBe('DOCUMENT_UNSUPPORTED');
    expect(error.message).toContain(kind);
  });

  test('encrypted, and opened by the right password only', async () => {
    const document = await makeEncryptedPdf('open sesame');
    expect((await refusal(document)).code).toBe('DOCUMENT_PASSWORD_PROTECTED');
    expect((await refusal(document, 'wrong')).code).toBe('DOCUMENT_PASSWORD_PROTECTED');
    const { pages } = await readDocument(document, { password: 'open sesame' });
    expect(pages[0]?.lines[0]?.text).toBe('Secret number: 4711');
  });
});

test('takes Node buffers and leaves them as they are', async () => {
  const buffer = Buffer.from(await makeTextPdf({ pages: 1 }));
  const before = Buffer.from(buffer);
  expect((await readDocument(buffer)).pages).toHaveLength(1);
  expect(buffer.equals(before)).toBe(true);
});

test('lines, cells and blocks stand where they were drawn', async () => {
  const document = await makePdf((doc) => {
    doc.fontSize(22).text('A title', 72, 72, { lineBreak: false });
    doc
      .fontSize(10)
      .text('left cell', 72, 120, { lineBreak: false })
      .text('right cell', 300, 120, { lineBreak: false });
    doc.text('The first line of a paragraph', 72, 160, { lineBreak: false });
    doc.text('and its second line', 72, 172, { lineBreak: false });
  });
  const page = (await readDocument(document)).pages[0]!;
  expect(page.lines.map((line) => line.cells.map((cell) => cell.text))).toEqual([
    ['A title'],
    ['left cell', 'right cell'],
    ['The first line of a paragraph'],
    ['and its second line'],
  ]);
  expect(page.blocks.map(({ type, text }) => [type, text])).toEqual([
    ['Title', 'A title'],
    ['Key Value', 'left cell right cell'],
    ['Text', 'The first line of a paragraph\nand its second line'],
  ]);
  expect(page.blocks[0]!.bbox.left).toBeCloseTo(72 / page.width, 3);
  expect(page.blocks[0]!.bbox.top).toBeCloseTo(72 / page.height, 2);
});

test('what repeats at the edges is header, footer or page number', async () => {
  const document = await makePdf(
    (doc) => {
      for (let page = 1; page <= 3; page++) {
        doc.addPage().fontSize(10);
        doc
          .text('Annual report', 72, 30, { lineBreak: false })
          .text(`Body of page ${page}`, 72, 200, { lineBreak: false });
        doc.text(`Page ${page} of 3`, 72, 800, { lineBreak: false });
      }
    },
    { autoFirstPage: false, margin: 20 },
  );
  const { pages } = await readDocument(document);
  expect(pages.map((page) => page.blocks.map((block) => block.type))).toEqual(
    Array.from({ length: 3 }, () => ['Header', 'Text', 'Page Number']),
  );
});

test('plain text: pages end at form feeds, wide gaps separate cells', async () => {
  const { pages } = await readDocument(bytes('Name:   Ada\nTotal      12\fSecond page\n'));
  expect(pages.map((page) => page.lines.map((line) => line.cells.map((cell) => cell.text)))).toEqual([
    [
      ['Name:', 'Ada'],
      ['Total', '12'],
    ],
    [['Second page']],
  ]);
});

test('csv becomes a table', async () => {
  const { pages } = await readDocument(bytes('item,qty,price\n"bolt, long",3,1.50\nnut,4,0.20\nwasher,9,0.05\n'));
  expect(pages[0]!.blocks).toMatchObject([
    {
      type: 'Table',
      table: [
        ['item', 'qty', 'price'],
        ['bolt, long', '3', '1.50'],
        ['nut', '4', '0.20'],
        ['washer', '9', '0.05'],
      ],
    },
  ]);
});

test('a document of at least 3 MB and one of 60 pages are read', async () => {
  const large = await makeTextPdf({ pages: 60, bytesAtLeast: 3_000_000 });
  expect(large.byteLength).toBeGreaterThanOrEqual(3_000_000);
  const { pages } = await readDocument(large);
  expect(pages).toHaveLength(60);
  expect(pages[59]!.blocks[0]).toMatchObject({ type: 'Title', text: 'Part 60' });
});
