import type { ParsedContent, ResultFormat } from '../providers/result-format.js';
import type { ProviderContent } from '../providers/types.js';
import type { ReadableStore } from '../results/open-result.js';
import { formatOf, refOf, type Stored } from './format-of.js';
import { storedBody } from './stored-body.js';

/**
 * A stored parse by its parts, in flat memory whatever its size: text, chunks, tables, pages, figures, in the vendor's own types. Needs no key and
 * no vendor. Nothing is read before an accessor is iterated; each iteration reads the object anew, and checks it as `openResult` does: what has
 * come counts only when the iteration has ended without an error. Leaving it early closes file or connection.
 *
 * ```ts
 * const content = readParsed(results, parsed);
 * if (content.provider === 'reducto') for await (const table of content.tables()) index(table.bbox.page, table.content);
 * ```
 *
 * @param parsed a `ParsedDocument`, the `parsed` of a `ProcessDocumentResult`, or a `ResultRef`.
 * @param options.format the vendor's, where it is known which one it is: `reducto.format`.
 * @throws `DocumentInputInvalid` for the result of another operation or vendor. While iterating: `DocumentResultCorrupt` as `openResult`;
 * `DocumentReplyInvalid` with the field (and nothing of the content) for a body that is no parse, or has an element that is none.
 */
export function readParsed(store: ReadableStore, parsed: Stored): ProviderContent;
export function readParsed<C extends ParsedContent>(
  store: ReadableStore,
  parsed: Stored,
  options: { format: ResultFormat<C> },
): C;
export function readParsed(
  store: ReadableStore,
  parsed: Stored,
  { format }: { format?: ResultFormat } = {},
): ParsedContent {
  const ref = refOf(parsed);
  const { parseHas, content } = formatOf(ref, 'parse', format);
  return content(storedBody(store, ref, parseHas));
}
