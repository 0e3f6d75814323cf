import type { JsonObject, JsonValue } from '../../../jobs/json.js';
import { extractFields, mapTree, plainValue, type SandboxDocument } from '../../document/index.js';
import type { Cite } from './cite.js';

export interface Cited {
  document: SandboxDocument;
  pages: readonly number[];
  cite: Cite;
}

/** `{ values, citations }`: the citations have the values' shape, with box ids as leaves. */
export function valuesOf({ document, pages, cite }: Cited, schema: JsonObject): JsonObject {
  const tree = extractFields(document, { type: 'object', ...schema }, { pages });
  return { values: plainValue(tree), citations: mapTree<JsonValue>(tree, ({ citations }) => cite(citations)) };
}
