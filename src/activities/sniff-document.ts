import { extname } from 'node:path';

/** What the first bytes of a file say. */
export interface SniffedDocument {
  /** In words, for people: `a PDF`, `a PNG image`, `text`. */
  description: string;
  contentType: string;
  /** Why it can't be sent as a document, or null when it can. */
  refusal: string | null;
}

/** How many of a file's first bytes {@link sniffDocument} wants. */
export const SNIFF_BYTES = 4_096;

interface Kind {
  description: string;
  contentType: string;
  document: boolean;
}

const kind = (description: string, contentType: string): Kind => ({ description, contentType, document: true });
const noDocument = (description: string): Kind => ({
  description,
  contentType: 'application/octet-stream',
  document: false,
});

/** Leading bytes, as latin-1 text, in the order of asking. */
const MAGIC: readonly (readonly [RegExp, Kind])[] = [
  [/^[^]{0,1024}?%PDF-/, kind('a PDF', 'application/pdf')],
  [/^\x89PNG\r\n\x1a\n/, kind('a PNG image', 'image/png')],
  [/^\xff\xd8\xff/, kind('a JPEG image', 'image/jpeg')],
  [/^GIF8[79]a/, kind('a GIF image', 'image/gif')],
  [/^(II\*\0|MM\0\*)/, kind('a TIFF image', 'image/tiff')],
  [/^BM[^]{12}/, kind('a BMP image', 'image/bmp')],
  [/^RIFF[^]{4}WEBP/, kind('a WebP image', 'image/webp')],
  [/^[^]{4}ftyp(heic|heix|hevc|mif1|msf1|avif)/, kind('a HEIC image', 'image/heic')],
  [/^8BPS/, kind('a Photoshop image', 'image/vnd.adobe.photoshop')],
  [/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, kind('an old Office document', 'application/x-ole-storage')],
  [/^\{\\rtf/, kind('an RTF document', 'application/rtf')],
  [/^\xffWPC/, kind('a WordPerfect document', 'application/vnd.wordperfect')],
  [
    /^PK\x03\x04[^]*(\[Content_Types\]|_rels\/|word\/|xl\/|ppt\/|docProps\/|mimetypeapplication\/)/,
    kind('an Office document', 'application/zip'),
  ],
  [/^PK(\x03\x04|\x05\x06)/, noDocument('a zip archive')],
  [/^\x1f\x8b/, noDocument('a gzip archive')],
  [/^(BZh|\xfd7zXZ\0|7z\xbc\xaf'\x1c|Rar!\x1a\x07|\x28\xb5\x2f\xfd)/, noDocument('an archive')],
  [/^[^]{257}ustar/, noDocument('a tar archive')],
  [/^(MZ[^]*\0|\x7fELF|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe)/, noDocument('a program')],
  [/^(ID3|OggS|fLaC|RIFF[^]{4}(WAVE|AVI )|[^]{4}ftyp|\x1aE\xdf\xa3)/, noDocument('audio or video')],
  [/^SQLite format 3\0/, noDocument('a database')],
];

/** Extensions of documents that have no bytes of their own to know them by. */
const BINARY_DOCUMENTS = /^\.(pcx|ppm|cur|dcx|qpw|wpd|wp|psd|doc|xls|ppt|heic|tga|jp2)$/;

/** A name that promises one kind must hold that kind. */
const PROMISES: Readonly<Record<string, string>> = {
  '.pdf': 'a PDF',
  '.docx': 'an Office document',
  '.xlsx': 'an Office document',
  '.pptx': 'an Office document',
};

/**
 * Tells what a file is by its first bytes, and whether it may be sent as a document.
 * @param filename only its extension is looked at.
 * @param head the first {@link SNIFF_BYTES} bytes, or all of a shorter file.
 */
export function sniffDocument(filename: string, head: Uint8Array): SniffedDocument {
  if (head.length === 0) return { ...noDocumentOf('empty'), refusal: 'it is empty' };
  const extension = extname(filename).toLowerCase();
  const found = kindOf(head, extension);
  const { description, contentType } = found;
  const promised = PROMISES[extension];
  if (promised !== undefined && description !== promised && !isEncryptedOffice(promised, description)) {
    return { description, contentType, refusal: `its name says ${extension} but it holds ${description}` };
  }
  return { description, contentType, refusal: found.document ? null : `it is ${description}, not a document` };
}

function kindOf(head: Uint8Array, extension: string): Kind {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, SNIFF_BYTES)).toString('latin1');
  const known = MAGIC.find(([pattern]) => pattern.test(text))?.[1];
  if (known !== undefined) return known;
  if (isText(text)) {
    return /^\s*(<!doctype html|<html)/i.test(text) ? kind('an HTML page', 'text/html') : kind('text', 'text/plain');
  }
  return BINARY_DOCUMENTS.test(extension)
    ? kind(`a ${extension.slice(1)} file`, 'application/octet-stream')
    : noDocument('binary data of an unknown kind');
}

/** UTF-16 text starts with a byte-order mark; other text has no NUL and hardly any control characters. */
function isText(latin1: string): boolean {
  if (/^(\xff\xfe|\xfe\xff)/.test(latin1)) return true;

  const odd = latin1.match(/[\x00-\x08\x0e-\x1a\x1c-\x1f]/g)?.length ?? 0;
  return !latin1.includes('\0') && odd <= latin1.length / 100;
}

/** A password-protected .docx is wrapped in the old container. The vendor says what is wrong with it. */
const isEncryptedOffice = (promised: string, description: string): boolean =>
  promised === 'an Office document' && description === 'an old Office document';

const noDocumentOf = (description: string): Omit<SniffedDocument, 'refusal'> => ({
  description,
  contentType: 'application/octet-stream',
});
