import {
  broken,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  closingQuote,
  COLON,
  COMMA,
  isSpace,
  isWord,
  MAX_DEPTH,
  MAX_HELD,
  NOTHING,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  textOf,
} from './json-bytes.js';
import { JsonSkim, type WantedStrings } from './json-skim.js';

/** Where a value stands: keys and indices from the root. */
export type JsonPath = readonly (string | number)[];

/** `enter`: its members are asked about in turn; `take`: its bytes are handed over; `skip`: it is passed over. */
export type Choice = 'enter' | 'take' | 'skip';

export interface ScanFor {
  /** Asked at each value whose containers are all entered. Only objects and arrays can be entered: `opens` is `{` or `[` then. */
  choose(path: JsonPath, opens: string): Choice;
  /** A taken value's bytes, in pieces; `last` with the last one. They are valid until the next `push` only. */
  taken?(path: JsonPath, piece: Uint8Array, last: boolean): void;
  strings?: WantedStrings;
}

/** What may come: a member's key, a colon, a value, the next member; `first…` may be the container's end as well; `inside`: of a value that is not entered. */
type Expect = 'value' | 'first_value' | 'key' | 'first_key' | 'colon' | 'next' | 'inside' | 'end';

/**
 * Walks over a JSON text as its bytes come, without making values of them: some hundred MB a second, whatever the text's size in flat memory.
 * It sees that every string and container ends, and ends as it began; numbers and words it takes as they are.
 */
export class JsonScanner {
  readonly #scan: ScanFor;
  readonly #skim: JsonSkim;
  readonly #path: (string | number)[] = [];
  /** First bytes of the entered containers. */
  readonly #entered: number[] = [];
  #expect: Expect = 'value';
  #taking = false;
  /** A string that the last piece broke off in. */
  #held: Buffer = NOTHING;

  constructor(scan: ScanFor) {
    this.#scan = scan;
    this.#skim = new JsonSkim(scan.strings);
  }

  /** @throws JsonBrokenError */
  push(piece: Uint8Array): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    this.#walk(this.#held.length === 0 ? bytes : bytes.subarray(this.#endHeld(bytes)));
  }

  /** Gives the held string its end, so that the rest of the piece need not be copied. @returns how much of the piece that took. */
  #endHeld(bytes: Buffer): number {
    const held = this.#held;
    const head = bytes.subarray(0, MAX_HELD);
    const joined = Buffer.concat([held, head]);
    const end = closingQuote(joined, 1);
    this.#held = NOTHING;
    this.#walk(end < 0 ? joined : joined.subarray(0, end + 1));
    return end < 0 ? head.length : end + 1 - held.length;
  }

  #walk(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) at = this.#expect === 'inside' ? this.#pass(bytes, at) : this.#step(bytes, at);
  }

  /** There are no more bytes. @throws JsonBrokenError when they are no whole text. */
  end(): void {
    const isAtWord = this.#expect === 'inside' && this.#skim.isAtWord && this.#entered.length === 0;
    if (isAtWord) this.#over(NOTHING);
    if (this.#expect !== 'end') throw broken('it is cut off');
  }

  /** One step between the members of entered containers. @returns where to go on. */
  #step(bytes: Buffer, at: number): number {
    const byte = bytes[at] as number;
    if (isSpace(byte)) return at + 1;
    switch (this.#expect) {
      case 'first_value':
        if (byte === CLOSE_ARRAY) return this.#leave(byte, at);
        this.#path.push(0);
        return this.#value(bytes, at, byte);
      case 'value':
        return this.#value(bytes, at, byte);
      case 'first_key':
        if (byte === CLOSE_OBJECT) return this.#leave(byte, at);
        return this.#key(bytes, at, byte);
      case 'key':
        return this.#key(bytes, at, byte);
      case 'colon':
        if (byte !== COLON) throw broken('a key has no value');
        this.#expect = 'value';
        return at + 1;
      case 'next':
        return byte === COMMA ? this.#next(at) : this.#leave(byte, at);
      default:
        throw broken('something follows its end');
    }
  }

  #key(bytes: Buffer, at: number, byte: number): number {
    if (byte !== QUOTE) throw broken('a key is missing');
    const end = closingQuote(bytes, at + 1);
    if (end < 0) return this.#hold(bytes, at);
    const key = textOf(bytes, at, end);
    if (this.#expect === 'first_key') this.#path.push(key);
    else this.#path[this.#path.length - 1] = key;
    this.#expect = 'colon';
    return end + 1;
  }

  #next(at: number): number {
    const isObject = this.#entered.at(-1) === OPEN_OBJECT;
    this.#expect = isObject ? 'key' : 'value';
    if (!isObject) this.#path[this.#path.length - 1] = Number(this.#path.at(-1)) + 1;
    return at + 1;
  }

  #value(bytes: Buffer, at: number, byte: number): number {
    const isContainer = byte === OPEN_OBJECT || byte === OPEN_ARRAY;
    if (!isContainer && byte !== QUOTE && !isWord(byte)) throw broken('a value is missing');
    const choice = this.#scan.choose(this.#path, String.fromCharCode(byte));
    if (choice === 'enter' && isContainer) {
      if (this.#entered.length === MAX_DEPTH) throw broken(`it is nested deeper than ${MAX_DEPTH}`);
      this.#entered.push(byte);
      this.#expect = byte === OPEN_OBJECT ? 'first_key' : 'first_value';
      return at + 1;
    }
    this.#taking = choice === 'take';
    this.#skim.begin(byte, this.#path.findLast((part) => typeof part === 'string') ?? '');
    this.#expect = 'inside';
    return this.#pass(bytes, at);
  }

  #pass(bytes: Buffer, from: number): number {
    const end = this.#skim.pass(bytes, from);
    if (end >= 0) {
      this.#over(bytes.subarray(from, end));
      return end;
    }
    const inside = end === -1 ? bytes.length : -2 - end;
    if (this.#taking && inside > from) this.#scan.taken?.(this.#path, bytes.subarray(from, inside), false);
    return end === -1 ? bytes.length : this.#hold(bytes, inside);
  }

  #over(rest: Uint8Array): void {
    if (this.#taking) this.#scan.taken?.(this.#path, rest, true);
    this.#expect = this.#entered.length === 0 ? 'end' : 'next';
  }

  #leave(byte: number, at: number): number {
    // `{` and `}`, `[` and `]` are two apart.
    if (this.#entered.pop() !== byte - 2) throw broken('a comma is missing, or brackets do not match');
    if (this.#expect === 'next') this.#path.pop();
    this.#expect = this.#entered.length === 0 ? 'end' : 'next';
    return at + 1;
  }

  #hold(bytes: Buffer, from: number): number {
    if (bytes.length - from > MAX_HELD) throw broken('a key is too long');
    this.#held = Buffer.from(bytes.subarray(from));
    return bytes.length;
  }
}
