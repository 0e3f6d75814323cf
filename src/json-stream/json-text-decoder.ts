import { broken, QUOTE } from './json-bytes.js';

const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
/** `\u` and four hexadecimal digits, bytes. */
const UNICODE_ESCAPE = 6;

/** Makes text of a JSON string whose bytes come in pieces: escapes, characters and surrogate pairs may be cut anywhere. */
export class JsonTextDecoder {
  #held: Buffer = Buffer.alloc(0);
  #isBegun = false;

  /**
   * @param piece of the string with its quotes.
   * @returns what is complete by now; it ends in no half of a surrogate pair, unless the string itself has only the half.
   * @throws JsonBrokenError
   */
  push(piece: Uint8Array, last: boolean): string {
    const bytes = Buffer.concat([this.#held, piece]);
    const from = this.#isBegun || bytes.length === 0 ? 0 : 1;
    this.#isBegun ||= bytes.length > 0;
    if (last && bytes.at(-1) !== QUOTE) throw broken('a string does not end');
    const whole = bytes.subarray(from, last ? -1 : undefined);
    const to = last ? whole.length : completeEnd(whole);
    this.#held = whole.subarray(to);
    return decoded(whole.subarray(0, to));
  }
}

function decoded(bytes: Buffer): string {
  try {
    return JSON.parse(`"${bytes.toString('utf8')}"`) as string;
  } catch {
    throw broken('a string has a character or an escape that none may have');
  }
}

/** How far no escape, character or pair is cut off. */
function completeEnd(bytes: Buffer): number {
  const escape = escapeBefore(bytes, bytes.length);
  if (escape < 0) return characterEnd(bytes);
  const end = escape + escapeLength(bytes, escape);
  if (end < bytes.length) return characterEnd(bytes);
  const complete = end > bytes.length ? escape : end;
  const before = escapeBefore(bytes, complete);
  const isHalf = before >= 0 && before + UNICODE_ESCAPE === complete && isHighSurrogate(bytes, before);
  return isHalf ? before : complete;
}

/** Where the last escape before `to` begins; -1 when none begins in the last few bytes. */
function escapeBefore(bytes: Buffer, to: number): number {
  for (let at = to - 1; at >= Math.max(0, to - UNICODE_ESCAPE); at--) {
    if (bytes[at] !== BACKSLASH) continue;
    let run = at;
    while (run > 0 && bytes[run - 1] === BACKSLASH) run -= 1;
    // `\\` is a character, so that of an even run the last one begins nothing.
    return (at - run) % 2 === 0 ? at : at - 1;
  }
  return -1;
}

const escapeLength = (bytes: Buffer, at: number): number => (bytes[at + 1] === LOWER_U ? UNICODE_ESCAPE : 2);

const isHighSurrogate = (bytes: Buffer, at: number): boolean =>
  /^\\u[dD][89abAB]/.test(bytes.toString('latin1', at, at + UNICODE_ESCAPE));

/** Without the first bytes of a character whose others are to come. */
function characterEnd(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return bytes.length;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
