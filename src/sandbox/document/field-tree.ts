import type { JsonValue } from '../../jobs/json.js';
import type { Citation, FieldLeaf, FieldNode } from './types.js';

/** A leaf of {@link citedValue}. */
export interface CitedLeaf {
  value: JsonValue;
  citations: Citation[];
}
export type CitedValue = CitedLeaf | CitedValue[] | { [key: string]: CitedValue };

/** The extracted value alone: `{ "total": 12 }`. */
export function plainValue(tree: FieldNode): JsonValue {
  return mapTree<JsonValue>(tree, (leaf) => leaf.value);
}

/** The extracted value with `{ value, citations }` for each leaf, inside arrays too. */
export function citedValue(tree: FieldNode): CitedValue {
  return mapTree<CitedValue>(tree, ({ value, citations }) => ({ value, citations }));
}

/**
 * Rebuilds the tree as JSON with whatever `leaf` makes of the leaves, such as a vendor's own citation form.
 * `T` must have room for arrays and records of itself.
 */
export function mapTree<T>(tree: FieldNode, leaf: (leaf: FieldLeaf) => T): T {
  switch (tree.kind) {
    case 'leaf':
      return leaf(tree);
    case 'array':
      return tree.items.map((item) => mapTree(item, leaf)) as T;
    case 'object':
      return Object.fromEntries(Object.entries(tree.fields).map(([name, field]) => [name, mapTree(field, leaf)])) as T;
  }
}

/** How many leaves have a value. */
export function countFields(tree: FieldNode): number {
  switch (tree.kind) {
    case 'leaf':
      return tree.value === null ? 0 : 1;
    case 'array':
      return tree.items.reduce((sum, item) => sum + countFields(item), 0);
    case 'object':
      return Object.values(tree.fields).reduce((sum, field) => sum + countFields(field), 0);
  }
}
