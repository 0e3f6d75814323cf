import PDFDocument from 'pdfkit';
import { drawInvoice, type InvoiceFacts } from './invoice-pdf.js';
import { Random } from './random.js';

/** A fixed date, so that the same arguments give the same bytes. */
const CREATED = new Date('2026-01-15T00:00:00Z');

type Options = NonNullable<ConstructorParameters<typeof PDFDocument>[0]>;

/** Runs `draw` on a new document and returns the file's bytes. */
export async function makePdf(draw: (doc: PDFKit.PDFDocument) => void, options: Options = {}): Promise<Uint8Array> {
  const doc = new PDFDocument({ size: 'A4', margin: 56, info: { CreationDate: CREATED }, ...options });
  const chunks: Uint8Array[] = [];
  const ended = new Promise<void>((resolve) => doc.once('end', () => resolve()));
  doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  draw(doc);
  doc.end();
  await ended;
  return new Uint8Array(Buffer.concat(chunks));
}

const WORDS =
  'the meeting of partners reviewed harbour logistics and agreed that winter storage needs more covered space while rail freight remains the cheaper way to move grain north before spring repairs close two bridges'.split(
    ' ',
  );

/**
 * Pages of running text, each with the heading `Part N`.
 * @param options.bytesAtLeast more text is set on each page until the file is this large (uncompressed, so 3 MB are quick)
 */
export async function makeTextPdf(options: { pages: number; bytesAtLeast?: number }): Promise<Uint8Array> {
  const random = new Random(options.pages);
  const linesPerPage = Math.max(40, Math.ceil((options.bytesAtLeast ?? 0) / options.pages / 250));
  return makePdf(
    (doc) => {
      for (let page = 1; page <= options.pages; page++) {
        doc.addPage();
        doc.font('Helvetica-Bold').fontSize(16).text(`Part ${page}`, 56, 56, { lineBreak: false });
        const leading = Math.min(16, 700 / linesPerPage);
        doc.font('Helvetica').fontSize(Math.min(10, leading * 0.9));
        for (let line = 0; line < linesPerPage; line++) {
          const text = Array.from({ length: 12 }, () => random.pick(WORDS)).join(' ');
          doc.text(text, 56, 90 + line * leading, { lineBreak: false });
        }
      }
    },
    { autoFirstPage: false, compress: options.bytesAtLeast === undefined },
  );
}

/** An invoice in one of many layouts, with what it says. */
export async function makeInvoicePdf(seed: number): Promise<{ bytes: Uint8Array; facts: InvoiceFacts }> {
  let facts: InvoiceFacts | undefined;
  const bytes = await makePdf((doc) => (facts = drawInvoice(doc, new Random(seed))), {
    autoFirstPage: false,
    size: seed % 2 === 0 ? 'A4' : 'LETTER',
  });
  return { bytes, facts: facts! };
}

/** One page, `Secret number: 4711`, that opens with `password` only. */
export function makeEncryptedPdf(password: string): Promise<Uint8Array> {
  return makePdf((doc) => doc.fontSize(12).text('Secret number: 4711'), {
    userPassword: password,
    ownerPassword: `${password}-owner`,
  });
}
