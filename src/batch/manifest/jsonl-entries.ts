import { textLines } from '../text-lines.js';
import type { ManifestEntry } from './manifest-entry.js';

/** Of a line, bytes. A row that may be used is far shorter. */
export const MAX_LINE_BYTES = 256 * 1024;

/** The rows of JSON Lines: one object a line, empty lines between them don't count. */
export async function* jsonlEntries(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ManifestEntry> {
  for await (const { number: line, text } of textLines(bytes, MAX_LINE_BYTES)) {
    if (text === null) yield { line, problem: tooLong };
    else if (text.trim() !== '') yield entryOf(line, text);
  }
}

export const tooLong = `is longer than ${MAX_LINE_BYTES / 1024} kB`;

function entryOf(line: number, text: string): ManifestEntry {
  try {
    return { line, row: JSON.parse(text) as unknown };
  } catch {
    // The parser's own words quote the text, which may hold a signed URL.
    return { line, problem: 'is no JSON' };
  }
}
