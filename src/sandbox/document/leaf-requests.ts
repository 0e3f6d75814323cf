import type { JsonObject } from '../../jobs/json.js';
import { fieldWords, type FieldWords } from './labels.js';
import { describe, schemaShape, type LeafShape } from './schema-shape.js';

/** One scalar property of the schema, wherever it is nested, that a label in the document may name. */
export interface LeafRequest {
  /** Property names from the top. */
  path: string[];
  shape: LeafShape;
  /** Its own name. */
  words: FieldWords;
  /** Its own name with those of the objects around it; absent at the top. */
  qualified?: FieldWords;
  /** Key of the object that holds it: its path, joined; `''` at the top. */
  owner: string;
}

/** An object property: its header in the document marks the region where its own properties stand. */
export interface OwnerRequest {
  key: string;
  words: FieldWords;
}

export interface ListRequest {
  path: string[];
  words: FieldWords;
  items: JsonObject;
}

export interface Requests {
  leaves: LeafRequest[];
  owners: OwnerRequest[];
  lists: ListRequest[];
}

/** Walks an object schema and sorts its properties by how they are looked for. */
export function collectRequests(schema: JsonObject, root: JsonObject): Requests {
  const requests: Requests = { leaves: [], owners: [], lists: [] };
  walk(schema, root, [], requests);
  return requests;
}

function walk(schema: JsonObject, root: JsonObject, path: string[], into: Requests): void {
  const shape = schemaShape(schema, root);
  if (shape.type !== 'object' || path.length > 8) return;
  for (const field of shape.fields) {
    const at = [...path, field.name];
    const words = fieldWords(field.name, describe(field.schema, root));
    const inner = schemaShape(field.schema, root);
    if (inner.type === 'object') {
      into.owners.push({ key: pathKey(at), words });
      walk(field.schema, root, at, into);
    } else if (inner.type === 'array') into.lists.push({ path: at, words, items: inner.items });
    else {
      const qualified = path.length === 0 ? {} : { qualified: fieldWords(at.join(' '), words.description.join(' ')) };
      into.leaves.push({ path: at, shape: inner, words, owner: pathKey(path), ...qualified });
    }
  }
}

/** A path as a map key; names may contain any character but a line feed. */
export function pathKey(path: readonly string[]): string {
  return path.join('\n');
}
