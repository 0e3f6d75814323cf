import type { JsonObject, JsonValue } from '../../../jobs/json.js';
import type { TablesConfig } from '../request-fields.js';
import { htmlTable } from './html.js';
import type { PlacedBlock } from './place-blocks.js';

interface Table {
  ids: string[];
  lastPage: number;
  /** The header first. */
  rows: string[][];
}

/** @param merge a table goes on where the next page has one with the same header */
export function tablesOf(placed: readonly PlacedBlock[], merge: boolean): Table[] {
  const tables: Table[] = [];
  for (const { id, page, block } of placed) {
    if (!block.table) continue;
    const before = tables.at(-1);
    if (merge && before && before.lastPage + 1 === page && sameHeader(before.rows, block.table)) {
      before.ids.push(id);
      before.lastPage = page;
      before.rows.push(...block.table.slice(1));
    } else tables.push({ ids: [id], lastPage: page, rows: [...block.table] });
  }
  return tables;
}

const sameHeader = ([one]: readonly string[][], [other]: readonly string[][]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** `tables_output`. There are no charts in the sandbox. */
export function tablesOutput(tables: readonly Table[], format: TablesConfig['table_format']): JsonObject {
  return {
    tables: tables.map(({ ids, rows }) => ({
      table_content: format === 'json' ? jsonTable(rows) : htmlTable(rows),
      citations: ids,
      from_chart: false,
    })),
  };
}

function jsonTable([headers = [], ...rows]: readonly string[][]): JsonValue {
  return {
    headers,
    rows: rows.map((cells) => Object.fromEntries(headers.map((header, column) => [header, cells[column] ?? '']))),
  };
}
