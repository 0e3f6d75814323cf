import { broken, JsonBrokenError } from './json-bytes.js';
import { type Choice, type JsonPath, JsonScanner } from './json-scanner.js';

export interface JsonSlice {
  path: JsonPath;
  value: unknown;
  /** Bytes of its text. */
  size: number;
}

/** A value of this size is no part of anything that is read part by part, bytes. */
const MAX_VALUE = 64 * 1024 * 1024;

/**
 * The values that `choose` takes out of a JSON text, one after the other, in memory one at a time.
 * @throws JsonBrokenError when the text is none, at the place where that shows.
 */
export async function* jsonSlices(
  bytes: AsyncIterable<Uint8Array>,
  choose: (path: JsonPath, opens: string) => Choice,
): AsyncGenerator<JsonSlice, void> {
  const ready: JsonSlice[] = [];
  const held: Uint8Array[] = [];
  let size = 0;
  const scanner = new JsonScanner({
    choose,
    taken(path, piece, last) {
      size += piece.byteLength;
      if (size > MAX_VALUE) throw new JsonBrokenError(`a value of it is larger than ${MAX_VALUE} bytes`);
      held.push(last ? piece : Uint8Array.from(piece));
      if (!last) return;
      ready.push({ path: [...path], value: parsed(Buffer.concat(held)), size });
      held.length = 0;
      size = 0;
    },
  });
  for await (const piece of bytes) {
    scanner.push(piece);
    yield* ready.splice(0);
  }
  scanner.end();
  yield* ready.splice(0);
}

export function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw broken('a value of it is none');
  }
}
