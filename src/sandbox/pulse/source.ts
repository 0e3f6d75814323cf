import { extname } from 'node:path';
import { DocumentUnreadable } from '../document/index.js';
import { once } from '../once.js';
import { type LoadView, viewOf } from '../view.js';
import { coded } from './api-error.js';
import { pagesIn, parsePages } from './page-range.js';
import type { SentFile } from './read-request.js';
import type { Vendor } from './vendor.js';
import { parseUrl } from '../../jobs/parse-url.js';

/** What the vendor takes. The sandbox reads fewer: another kind fails the job. */
const TYPES = 'pdf png jpg jpeg bmp tiff docx pptx xlsx xlsm xls csv txt html'.split(' ');

const UNREADABLE = {
  DOCUMENT_PASSWORD_PROTECTED: 'FILE_006',
  DOCUMENT_CORRUPT: 'FILE_003',
  DOCUMENT_EMPTY: 'FILE_004',
  DOCUMENT_UNSUPPORTED: 'FILE_001',
} as const;

export interface Source {
  file: SentFile | null;
  file_url?: string | null | undefined;
  pages?: string | null | undefined;
}

/**
 * Checks what can be checked without reading the document.
 * @throws ApiError
 */
export function openSource({ core, switches }: Vendor, { file, file_url, pages }: Source): LoadView {
  const url = file_url ?? '';
  if (file && url !== '') throw coded('REQ_003', 'Provide either a file or file_url, not both');
  if (!file && url === '') throw coded('REQ_001', 'No file or URL provided');
  if (url !== '' && !(/^https?:\/\//i.test(url) && parseUrl(url) !== null)) {
    throw coded('REQ_003', 'file_url must be an http or https URL');
  }
  checkType(file ? file.name : new URL(url).pathname);
  const ranges = pages == null || pages === '' ? null : parsePages(pages);

  return once(async () => {
    const bytes = file ? file.bytes : await download(url);
    const document = await core.readDocument(bytes, null).catch((error: unknown) => {
      if (!(error instanceof DocumentUnreadable)) throw error;
      throw coded(UNREADABLE[error.code], error.message);
    });
    return viewOf(document, bytes, (available) => pagesIn(ranges, available));
  });

  async function download(from: string): Promise<Uint8Array> {
    const fetched = await core.sources.fetch(from);
    if ('bytes' in fetched && fetched.bytes.length <= switches.fileBytes) return fetched.bytes;
    if ('bytes' in fetched || 'tooLarge' in fetched) throw coded('FILE_002', 'File too large');
    const why = 'refused' in fetched ? fetched.refused : (fetched.status ?? 'no answer');
    throw coded('FILE_005', `Failed to download the file from the URL (${why})`);
  }
}

/** A name without an extension says nothing, nor does a URL's `/v1.2`; then the bytes decide. */
function checkType(path: string): void {
  const extension = extname(path).slice(1);
  if (!/^[a-z]/i.test(extension) || TYPES.includes(extension.toLowerCase())) return;
  throw coded('FILE_001', 'Invalid file type', { received_type: extension.toUpperCase() });
}
