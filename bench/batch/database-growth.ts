import type { Database } from './server.js';

/** What the server has still to do: cleared as it goes, so that their rows say how far behind it is. */
const isQueue = (table: string): boolean => /(^|_)(tasks|task_queues)$/.test(table);

/** What a document adds to the server's database, table by table; tables that don't grow with documents are left out. */
export function databaseGrowth(before: Database | null, after: Database | null, documents: number): object[] {
  if (before === null || after === null) return [];
  const grown = Object.entries(after.rows)
    .map(([table, rows]) => ({ table, rows: (rows - (before.rows[table] ?? 0)) / documents }))
    .filter(({ table, rows }) => !isQueue(table) && rows >= 0.01)
    .sort((a, b) => b.rows - a.rows);
  const all = grown.reduce((sum, { rows }) => sum + rows, 0);
  const kilobytes = ((after.megabytes - before.megabytes) * 1_000) / documents;
  return [
    { figure: 'database: kB a document', value: round(kilobytes) },
    { figure: 'database: rows a document, without queues', value: round(all) },
    ...grown.map(({ table, rows }) => ({ figure: `database: rows in ${table}`, value: round(rows) })),
  ];
}

const round = (value: number): number => Math.round(value * 100) / 100;
