/** One part of a form. */
export interface FormPart {
  name: string;
  /** Null for a field. A part is a file by having a name: the vendor's own client types its fields too. */
  filename: string | null;
  contentType: string | null;
  bytes: Buffer;
}

const CRLF = '\r\n';

/**
 * Reads a multipart/form-data body. A body that has nothing but its closing boundary is an empty form: the vendor's
 * client sends one for a call without arguments, and not every parser takes it.
 * @returns null when it is no such body
 */
export function parseMultipart(body: Buffer, contentType: string): FormPart[] | null {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return null;
  const parts: FormPart[] = [];
  // The first boundary may be the very start, so that each one can be looked for with its line break.
  const text = Buffer.concat([Buffer.from(CRLF), body]);
  const delimiter = Buffer.from(`${CRLF}--${boundary}`);
  let at = text.indexOf(delimiter);
  while (at >= 0) {
    const start = at + delimiter.length;
    if (text.subarray(start, start + 2).toString() === '--') return parts;
    const end = text.indexOf(delimiter, start);
    const part = end < 0 ? null : parsePart(text.subarray(start, end));
    if (part === null) return null;
    parts.push(part);
    at = end;
  }
  return null;
}

function parsePart(part: Buffer): FormPart | null {
  const headEnd = part.indexOf(CRLF + CRLF);
  if (headEnd < 0) return null;
  const head = part.subarray(0, headEnd).toString('utf8');
  const disposition = headerOf(head, 'content-disposition');
  const name = disposition === null ? null : parameterOf(disposition, 'name');
  if (disposition === null || name === null) return null;
  return {
    name,
    filename: parameterOf(disposition, 'filename'),
    contentType: headerOf(head, 'content-type'),
    bytes: part.subarray(headEnd + 2 * CRLF.length),
  };
}

function headerOf(head: string, name: string): string | null {
  return new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? null;
}

function parameterOf(header: string, name: string): string | null {
  const [, quoted, plain] = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(header) ?? [];
  return (quoted ?? plain ?? null)?.replace(/\\(["\\])/g, '$1') ?? null;
}
