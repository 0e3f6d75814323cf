export const QUOTE = 0x22;
export const COLON = 0x3a;
export const COMMA = 0x2c;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const NOTHING = Buffer.alloc(0);

const BACKSLASH = 0x5c;
/** Deeper is no document's result. */
export const MAX_DEPTH = 4_096;
/** Longer strings are text: neither a key nor a place. */
export const MAX_HELD = 16 * 1024;
/** Most strings end before this; the search for a far end costs more to begin. */
const NEAR = 32;

/** The bytes are no complete JSON text. */
export class JsonBrokenError extends Error {
  override readonly name = 'JsonBrokenError';
}

export const broken = (what: string): JsonBrokenError => new JsonBrokenError(`no JSON: ${what}`);

export const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Of a number, `true`, `false` or `null`. */
export const isWord = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x2d ||
  byte === 0x2e ||
  byte === 0x2b ||
  byte === 0x45;

/** Whether a string with this first byte may be a URL or an absolute path. */
export const looksLikePlace = (byte: number): boolean => byte === 0x68 || byte === 0x2f;

/** @param from inside a string, at no escaped character. @returns where its closing quote is; -1 when it is not in these bytes. */
export function closingQuote(bytes: Buffer, from: number): number {
  const near = Math.min(from + NEAR, bytes.length);
  let at = from;
  for (; at < near; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at += 1;
  }
  for (;;) {
    const quote = bytes.indexOf(QUOTE, at);
    if (quote < 0) return -1;
    if (!isEscaped(bytes, at, quote)) return quote;
    at = quote + 1;
  }
}

/** @param from as in {@link closingQuote}. @returns whether the first byte to come is escaped. */
export const endsInEscape = (bytes: Buffer, from: number): boolean => isEscaped(bytes, from, bytes.length);

function isEscaped(bytes: Buffer, from: number, at: number): boolean {
  let before = at - 1;
  while (before >= from && bytes[before] === BACKSLASH) before -= 1;
  return (at - 1 - before) % 2 === 1;
}

/** A string's value. @param open its first quote. @param close its last one. @throws JsonBrokenError */
export function textOf(bytes: Buffer, open: number, close: number): string {
  try {
    return JSON.parse(bytes.toString('utf8', open, close + 1)) as string;
  } catch {
    throw broken('a string has a character or an escape that none may have');
  }
}
