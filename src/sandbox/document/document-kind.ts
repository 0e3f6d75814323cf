const SIGNATURES: readonly (readonly [kind: string, offset: number, bytes: readonly number[]])[] = [
  ['a PNG image', 0, [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG image', 0, [0xff, 0xd8, 0xff]],
  ['a GIF image', 0, [0x47, 0x49, 0x46, 0x38]],
  ['a TIFF image', 0, [0x49, 0x49, 0x2a, 0x00]],
  ['a TIFF image', 0, [0x4d, 0x4d, 0x00, 0x2a]],
  ['a BMP image', 0, [0x42, 0x4d]],
  ['a WebP image', 8, [0x57, 0x45, 0x42, 0x50]],
  ['a HEIC image', 4, [0x66, 0x74, 0x79, 0x70]],
  ['a ZIP archive or Office document', 0, [0x50, 0x4b, 0x03, 0x04]],
  ['an old Office document', 0, [0xd0, 0xcf, 0x11, 0xe0]],
  ['a gzip archive', 0, [0x1f, 0x8b]],
  ['an RTF document', 0, [0x7b, 0x5c, 0x72, 0x74, 0x66]],
];

/** How far a PDF's header may stand from the start; readers tolerate leading junk. */
const PDF_HEADER_WINDOW = 1024;

/** What a file is, from its bytes: `pdf`, `text`, or a description of what the sandbox does not read. */
export function documentKind(bytes: Uint8Array): 'pdf' | 'text' | { unsupported: string } {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, PDF_HEADER_WINDOW));
  if (head.includes('%PDF-')) return 'pdf';
  const known = SIGNATURES.find(([, offset, magic]) => magic.every((byte, i) => bytes[offset + i] === byte));
  if (known) return { unsupported: known[0] };
  if (/^\s*<(!doctype html|html)\b/i.test(head)) return { unsupported: 'an HTML page' };
  return isText(bytes) ? 'text' : { unsupported: 'a binary file of unknown type' };
}

function isText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // Control characters are what tells binary from text.
    return !/[\u0000-\u0008\u000e-\u001a]/.test(text);
  } catch {
    return false;
  }
}
