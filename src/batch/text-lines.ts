/** One line of a stream, without its end. */
export interface TextLine {
  /** From 1. */
  number: number;
  /** Null for a line that is longer than the limit: it was read past and not kept. */
  text: string | null;
}

const NEWLINE = 0x0a;

/**
 * A stream's lines, in flat memory. `\n` ends a line; the `\r` before it, and a byte-order mark at the very start, are no part of one.
 * @param maxBytes of a line.
 */
export async function* textLines(bytes: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<TextLine> {
  let number = 0;
  let parts: Uint8Array[] = [];
  let length = 0;
  const take = (piece: Uint8Array): void => {
    length += piece.byteLength;
    if (length <= maxBytes) parts.push(piece);
    else parts = [];
  };
  const end = (): TextLine => {
    number += 1;
    const text = length > maxBytes ? null : textOf(Buffer.concat(parts), number === 1);
    parts = [];
    length = 0;
    return { number, text };
  };
  for await (const piece of bytes) {
    let from = 0;
    for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, from)) {
      take(piece.subarray(from, at));
      yield end();
      from = at + 1;
    }
    // Copied: whoever brings the pieces may use one buffer for all of them.
    if (from < piece.byteLength) take(Buffer.from(piece.subarray(from)));
  }
  if (length > 0) yield end();
}

function textOf(line: Buffer, isFirst: boolean): string {
  const text = line.toString('utf8').replace(/\r$/, '');
  return isFirst ? text.replace(/^\ufeff/, '') : text;
}
