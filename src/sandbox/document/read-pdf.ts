import { getDocumentProxy } from 'unpdf';
import type { RawPage } from './build-pages.js';
import { DocumentUnreadable } from './document-unreadable.js';
import type { TextItem } from './types.js';

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;
type Content = Awaited<ReturnType<Awaited<ReturnType<Pdf['getPage']>>['getTextContent']>>;

/** @throws {DocumentUnreadable} */
export async function readPdf(bytes: Uint8Array, password: string | undefined): Promise<RawPage[]> {
  const pdf = await open(bytes, password);
  try {
    const pages: RawPage[] = [];
    for (let number = 1; number <= pdf.numPages; number++) pages.push(await readPage(pdf, number));
    return pages;
  } catch (error) {
    throw unreadable(error);
  } finally {
    await pdf.cleanup();
    await pdf.destroy();
  }
}

async function open(bytes: Uint8Array, password: string | undefined): Promise<Pdf> {
  try {
    // pdf.js takes the buffer over and leaves it empty, and refuses Node buffers, so it gets a copy; verbosity 0 keeps its warnings off the console.
    return await getDocumentProxy(new Uint8Array(bytes), {
      verbosity: 0,
      ...(password === undefined ? {} : { password }),
    });
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(error: unknown): DocumentUnreadable {
  const name = error instanceof Error ? error.name : '';
  return name === 'PasswordException'
    ? new DocumentUnreadable(
        'DOCUMENT_PASSWORD_PROTECTED',
        'The document is encrypted and the password is missing or wrong.',
      )
    : new DocumentUnreadable('DOCUMENT_CORRUPT', 'The document claims to be a PDF but cannot be read.');
}

async function readPage(pdf: Pdf, number: number): Promise<RawPage> {
  const page = await pdf.getPage(number);
  const { width, height, transform } = page.getViewport({ scale: 1 });
  const content = await page.getTextContent();
  page.cleanup();
  const items = content.items.flatMap((item) =>
    'str' in item && item.str.trim() !== '' ? [toItem(item, transform)] : [],
  );
  return { number, width, height, items };
}

function toItem(item: Extract<Content['items'][number], { str: string }>, viewport: number[]): TextItem {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = item.transform as number[];
  const [va = 1, vb = 0, vc = 0, vd = -1, ve = 0, vf = 0] = viewport;
  const size = Math.hypot(c, d) || Math.hypot(a, b);
  const x = va * e + vc * f + ve;
  const baseline = vb * e + vd * f + vf;
  return {
    text: item.str,
    area: { left: x, top: baseline - size * 0.8, right: x + item.width, bottom: baseline + size * 0.2 },
    size,
    font: item.fontName,
  };
}
