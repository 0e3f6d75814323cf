import { buildPages, type RawPage } from './build-pages.js';
import { documentKind } from './document-kind.js';
import { DocumentUnreadable } from './document-unreadable.js';
import { readPdf } from './read-pdf.js';
import { readText } from './read-text.js';
import type { SandboxDocument } from './types.js';

/**
 * Reads a PDF or a plain text (txt, csv) document: its lines with positions and its blocks, page by page.
 * @param options.password of an encrypted PDF
 * @throws {DocumentUnreadable} empty, corrupt, encrypted, or not a kind that the sandbox reads
 */
export async function readDocument(bytes: Uint8Array, options: { password?: string } = {}): Promise<SandboxDocument> {
  if (bytes.byteLength === 0) throw new DocumentUnreadable('DOCUMENT_EMPTY', 'The document is empty (0 bytes).');
  return { pages: buildPages(await readRaw(bytes, options.password)) };
}

async function readRaw(bytes: Uint8Array, password: string | undefined): Promise<RawPage[]> {
  const kind = documentKind(bytes);
  if (kind === 'pdf') return readPdf(bytes, password);
  if (kind === 'text') return readText(bytes);
  throw new DocumentUnreadable(
    'DOCUMENT_UNSUPPORTED',
    `The document is ${kind.unsupported}; the sandbox reads PDF and plain text.`,
  );
}
