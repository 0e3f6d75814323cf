import type { z } from 'zod';
import type { Provider } from './provider.js';

/** Where a value stands in a body: keys and indices from the root. */
export type BodyPath = readonly (string | number)[];

/** A value of a body, checked. */
export interface BodyPart<T> {
  path: BodyPath;
  value: T;
  /** Bytes of its JSON. */
  size: number;
}

/** What a value must be: a schema, or one for each place, asked once and in the order of the body; null passes a place over. */
export type PartSchema<T> = z.ZodType<T> | ((path: BodyPath) => z.ZodType<T> | null);

/**
 * A stored body, read part by part. Places are written as `result.chunks[].blocks[]`: `[]` is every element of a list, `*` every member of an
 * object. What is absent or null on the way to a place has nothing there; what is of another kind is a failure, except under `*`.
 *
 * Each iteration opens the body anew, checks its size and hash as `openResult` does, and lets go of it when it is left early.
 * They throw `DocumentResultCorrupt`, and `DocumentReplyInvalid` for a body that is none of the kind, with the field.
 */
export interface StoredBody {
  /** The values at one or several places, in the order of the body, in memory one at a time (up to 64 MiB each). */
  each<T>(places: string | readonly string[], schema: PartSchema<T>): AsyncIterable<BodyPart<T>>;
  /**
   * Strings of any length as a stream of text, of which no piece cuts a character.
   * @param places the first of them that the body has a string at is read, the others are its aliases.
   * @param between stands between the strings of one place. Default nothing.
   */
  text(places: string | readonly string[], between?: string): AsyncIterable<string>;
}

/** What every vendor's parse can be read by. Each call's iterable may be iterated more than once, and reads anew then. */
export interface ParsedContent {
  /** The vendor, which tells one type of content from another. */
  readonly provider: string;
  /** The document's text as the vendor wrote it, in pieces that may end anywhere but inside a character. */
  text(): AsyncIterable<string>;
}

/**
 * How a vendor's finished bodies are read back, without a key or a connection: the `format` of its factory. One that has none can be read by
 * `openResult` and `readResult` only.
 */
export interface ResultFormat<Content extends ParsedContent = ParsedContent> {
  /** The vendor's name, as in the keys of its results. */
  readonly provider: string;
  /** Places of which every parse has at least one. */
  readonly parseHas: readonly string[];
  /** Typed accessors over a parse. Nothing is read before one of them is iterated. */
  readonly content: (body: StoredBody) => Content;
  readonly interpret: Provider['interpret'];
}
