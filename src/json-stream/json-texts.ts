import { type Choice, JsonScanner } from './json-scanner.js';
import { JsonTextDecoder } from './json-text-decoder.js';

/** A part of one string. */
export interface JsonTextPiece {
  /** Never cut inside a character. May be empty. */
  text: string;
  /** It begins the string. */
  isFirst: boolean;
}

/**
 * The strings that `choose` takes out of a JSON text, decoded piece by piece, so that one of any length is never held whole.
 * @param choose takes strings only.
 * @throws JsonBrokenError
 */
export async function* jsonTexts(
  bytes: AsyncIterable<Uint8Array>,
  choose: (path: readonly (string | number)[], opens: string) => Choice,
): AsyncGenerator<JsonTextPiece, void> {
  const ready: JsonTextPiece[] = [];
  let decoder: JsonTextDecoder | undefined;
  const scanner = new JsonScanner({
    choose,
    taken(_path, piece, last) {
      const isFirst = decoder === undefined;
      decoder ??= new JsonTextDecoder();
      ready.push({ text: decoder.push(piece, last), isFirst });
      if (last) decoder = undefined;
    },
  });
  for await (const piece of bytes) {
    scanner.push(piece);
    yield* ready.splice(0);
  }
  scanner.end();
  yield* ready.splice(0);
}
