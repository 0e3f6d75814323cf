import {
  broken,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  closingQuote,
  COLON,
  COMMA,
  endsInEscape,
  isWord,
  looksLikePlace,
  MAX_DEPTH,
  MAX_HELD,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  textOf,
} from './json-bytes.js';

/** Which string values are wanted. */
export interface WantedStrings {
  /** They stand under one of these keys, at any depth. A list's strings count too, up to the first container in it. */
  keys: ReadonlySet<string>;
  /** Hears of those that begin with `h` or `/`, as URLs and absolute paths do. */
  found: (key: string, value: string) => void;
}

/** Of the bytes between strings, the many that are looked at no further. */
const MEANS_NOTHING = new Uint8Array(256).fill(1);
for (const byte of [QUOTE, COLON, COMMA, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY]) MEANS_NOTHING[byte] = 0;

/** No wanted key is longer, bytes. */
const LONGEST_KEY = 32;

/** Goes over one value to its end, fast: it looks at quotes and brackets only, and makes nothing of what stands between them. */
export class JsonSkim {
  readonly #strings: WantedStrings | undefined;
  readonly #open = new Uint8Array(MAX_DEPTH);
  #depth = 0;
  #isWord = false;
  /** In a string that is too long to be a key or a place. */
  #inText = false;
  #escaped = false;
  /** Of the member that we are in, and the string that was last, which may be the next one's. */
  #key = '';
  #lastText = '';

  constructor(strings?: WantedStrings) {
    this.#strings = strings;
  }

  /** @param first the value's first byte. @param key of the member that it is. */
  begin(first: number, key: string): void {
    this.#isWord = isWord(first);
    this.#key = key;
    this.#lastText = '';
  }

  /** True when a number or word would be complete if nothing followed. */
  get isAtWord(): boolean {
    return this.#isWord;
  }

  /**
   * @param from in the value.
   * @returns where it ends; `-1` when these bytes are all inside of it; `-2 - n` when they are but for a string that begins at `n`, which must
   * come again with what follows it.
   * @throws JsonBrokenError
   */
  pass(bytes: Buffer, from: number): number {
    if (this.#isWord) return passWord(bytes, from);
    const { length } = bytes;
    let textFrom = -1;
    let textTo = -1;
    let keyFrom = -1;
    let keyTo = -1;
    let at = from;
    while (at < length) {
      if (this.#inText) {
        at = this.#passText(bytes, at);
        if (!this.#inText && this.#depth === 0) return at;
        continue;
      }
      const byte = bytes[at++] as number;
      if (MEANS_NOTHING[byte] === 1) continue;
      switch (byte) {
        case QUOTE: {
          const end = closingQuote(bytes, at);
          if (end < 0 && length - at < MAX_HELD) {
            if (keyTo >= 0) this.#key = keyOf(bytes, keyFrom, keyTo);
            return -2 - (at - 1);
          }
          if (end < 0) {
            this.#inText = true;
            break;
          }
          // Making each key a string would take longer than all the rest.
          if (this.#strings !== undefined && looksLikePlace(bytes[at] as number)) {
            if (keyTo >= 0) this.#key = keyOf(bytes, keyFrom, keyTo);
            this.#tell(this.#strings, bytes, at - 1, end);
          }
          textFrom = at;
          textTo = end;
          at = end + 1;
          if (this.#depth === 0) return at;
          break;
        }
        case COLON:
          keyFrom = textFrom;
          keyTo = textTo;
          if (textTo < 0) this.#key = this.#lastText;
          break;
        case COMMA:
          if (this.#open[this.#depth - 1] === OPEN_OBJECT) {
            this.#key = '';
            keyTo = -1;
          }
          break;
        case OPEN_OBJECT:
          this.#key = '';
          keyTo = -1;
          this.#push(byte);
          break;
        case OPEN_ARRAY:
          this.#push(byte);
          break;
        case CLOSE_OBJECT:
        case CLOSE_ARRAY:
          this.#key = '';
          keyTo = -1;
          this.#pop(byte);
          if (this.#depth === 0) return at;
      }
    }
    if (keyTo >= 0) this.#key = keyOf(bytes, keyFrom, keyTo);
    if (textTo >= 0) this.#lastText = keyOf(bytes, textFrom, textTo);
    return -1;
  }

  #tell({ keys, found }: WantedStrings, bytes: Buffer, open: number, close: number): void {
    if (keys.has(this.#key)) found(this.#key, textOf(bytes, open, close));
  }

  /** A text that is too long to be held: only its end is looked for. */
  #passText(bytes: Buffer, from: number): number {
    const at = this.#escaped ? from + 1 : from;
    const end = closingQuote(bytes, at);
    this.#inText = end < 0;
    this.#escaped = end < 0 && endsInEscape(bytes, at);
    return end < 0 ? bytes.length : end + 1;
  }

  #push(byte: number): void {
    if (this.#depth === MAX_DEPTH) throw broken(`it is nested deeper than ${MAX_DEPTH}`);
    this.#open[this.#depth++] = byte;
  }

  #pop(byte: number): void {
    // `{` and `}`, `[` and `]` are two apart.
    if (this.#depth === 0 || this.#open[this.#depth - 1] !== byte - 2) throw broken('brackets do not match');
    this.#depth -= 1;
  }
}

/** @returns '' for one that nobody can ask for. */
const keyOf = (bytes: Buffer, from: number, to: number): string =>
  to - from > LONGEST_KEY ? '' : bytes.toString('latin1', from, to);

function passWord(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isWord(bytes[at] as number)) at += 1;
  return at < bytes.length ? at : -1;
}
