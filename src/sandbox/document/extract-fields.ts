import type { JsonObject } from '../../jobs/json.js';
import { toCitation } from './citations.js';
import { findConventions, type Conventions } from './conventions.js';
import { unlabelledValue } from './fallbacks.js';
import { findTable } from './find-table.js';
import { findLabelSpots, type LabelSpot } from './label-spots.js';
import { collectRequests, pathKey, type ListRequest } from './leaf-requests.js';
import { listValues } from './list-values.js';
import { pageAffinity } from './page-affinity.js';
import { selectPages } from './parse-chunks.js';
import { findRegions } from './regions.js';
import { resolveLeaves, type Finding } from './resolve-leaves.js';
import { describe, schemaShape } from './schema-shape.js';
import type { FoundTable, TableRow } from './table-rows.js';
import { typedValue } from './typed-value.js';
import type { FieldLeaf, FieldNode, Line, SandboxDocument, SandboxPage } from './types.js';

/**
 * Finds the values that a JSON Schema's properties name in the document's real text: labels, tables, lists.
 * @param schema of an object
 * @param options.pages 1-based pages to look at; default all
 * @returns a tree in the shape of the schema; what is not found is null, a list without rows is empty
 */
export function extractFields(
  document: SandboxDocument,
  schema: JsonObject,
  options: { pages?: readonly number[] } = {},
): FieldNode {
  const pages = selectPages(document, options.pages);
  const conventions = findConventions(pages.flatMap((page) => page.lines.map((line) => line.text)).join('\n'));
  const { leaves, owners, lists } = collectRequests(schema, schema);
  const everywhere = pages.flatMap(findLabelSpots);
  const affinity = pageAffinity(pages, everywhere, leaves, describe(schema, schema));
  const found = new Map<string, FieldNode>();
  const tabular = new Set<Line>();
  for (const list of lists) {
    const { node, lines } = extractList(list, schema, { pages, spots: everywhere, affinity, conventions });
    found.set(pathKey(list.path), node);
    for (const line of lines) tabular.add(line);
  }
  const spots = everywhere.filter((spot) => !tabular.has(spot.page.lines[spot.line]!));
  const regions = findRegions(owners, spots, affinity);
  const names = [...leaves, ...owners, ...lists].map(({ words }) => words);
  const values = resolveLeaves(leaves, { spots, affinity, regions, conventions, names });
  for (const leaf of leaves) {
    const value = values.get(pathKey(leaf.path)) ?? unlabelledValue(leaf, regions.get(leaf.owner), values, pages);
    found.set(pathKey(leaf.path), toLeaf(value));
  }
  return assemble(schema, schema, [], found);
}

interface Surroundings {
  pages: readonly SandboxPage[];
  spots: readonly LabelSpot[];
  affinity: ReadonlyMap<SandboxPage, number>;
  conventions: Conventions;
}

function extractList(
  list: ListRequest,
  root: JsonObject,
  { pages, spots, affinity, conventions }: Surroundings,
): { node: FieldNode; lines: Iterable<Line> } {
  const shape = schemaShape(list.items, root);
  if (shape.type === 'object') {
    const { leaves } = collectRequests(list.items, root);
    const fields = leaves.map((leaf) => ({ key: pathKey(leaf.path), words: leaf.words }));
    const table = fields.length === 0 ? null : findTable(pages, fields, affinity);
    const items = table?.rows.map((row) => extractRow(row, table, list.items, root, conventions)) ?? [];
    return { node: { kind: 'array', items }, lines: table?.lines ?? [] };
  }
  if (shape.type === 'array') return { node: { kind: 'array', items: [] }, lines: [] };
  const items = listValues(list.words, spots, affinity).flatMap(({ page, item }): FieldNode[] => {
    const value = typedValue(item.text, shape, conventions);
    return value === null ? [] : [toLeaf({ value, page, area: item.area, text: item.text })];
  });
  return { node: { kind: 'array', items }, lines: [] };
}

function extractRow(
  row: TableRow,
  { header }: FoundTable,
  items: JsonObject,
  root: JsonObject,
  conventions: Conventions,
): FieldNode {
  const { leaves } = collectRequests(items, root);
  const found = new Map<string, FieldNode>();
  for (const leaf of leaves) {
    const key = pathKey(leaf.path);
    const cell = row.cells[header.keys.indexOf(key)] ?? null;
    const value = cell && typedValue(cell.text, leaf.shape, conventions);
    found.set(key, toLeaf(value === null ? null : { value, page: row.page, area: cell!.area, text: cell!.text }));
  }
  return assemble(items, root, [], found);
}

/** The schema's shape, filled with what was found for each path. */
function assemble(
  schema: JsonObject,
  root: JsonObject,
  path: string[],
  found: ReadonlyMap<string, FieldNode>,
): FieldNode {
  const shape = schemaShape(schema, root);
  if (shape.type !== 'object') return found.get(pathKey(path)) ?? toLeaf(null);
  return {
    kind: 'object',
    fields: Object.fromEntries(
      shape.fields.map((field) => [field.name, assemble(field.schema, root, [...path, field.name], found)]),
    ),
  };
}

function toLeaf(finding: Finding | null): FieldLeaf {
  return finding === null
    ? { kind: 'leaf', value: null, citations: [] }
    : { kind: 'leaf', value: finding.value, citations: [toCitation(finding)] };
}
