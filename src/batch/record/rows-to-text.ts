import type { BatchRow } from '../../jobs/batch.js';

type Cell = string | number | boolean | null | undefined;
type Rows = AsyncIterable<BatchRow> | Iterable<BatchRow>;

/** The columns of the CSV, in their order. Columns are added at the end, never moved. */
const COLUMNS: readonly (readonly [string, (row: BatchRow) => Cell])[] = [
  ['index', (row) => row.index],
  ['id', (row) => row.id],
  ['source', (row) => row.source],
  ['state', (row) => row.state],
  ['error_type', (row) => row.error?.type],
  ['error_reason', (row) => row.error?.reason],
  ['error_operation', (row) => row.error?.operation],
  ['vendor_code', (row) => row.error?.vendorCode],
  ['pages', (row) => row.pages],
  ['credits', (row) => row.credits],
  ['jobs', (row) => row.jobs.length],
  ['job_ids', (row) => listed(row.jobs.map((job) => job.jobId))],
  ['submits', (row) => row.jobs.reduce((sum, job) => sum + job.submits, 0)],
  ['reads', (row) => row.jobs.reduce((sum, job) => sum + job.reads, 0)],
  ['reused', (row) => row.reused === true],
  ['started_at', (row) => row.startedAt],
  ['ended_at', (row) => row.endedAt],
  ['result_keys', (row) => listed(row.jobs.map((job) => job.stored?.key))],
  ['tenant', (row) => row.tenant],
  ['workflow_id', (row) => row.workflowId],
  ['drive', (row) => row.drive],
];

/** Names of the columns of {@link rowsToCsv}. */
export const CSV_COLUMNS: readonly string[] = COLUMNS.map(([name]) => name);

/**
 * Rows as CSV (RFC 4180: CRLF, quotes where needed, a header line), a row at a time. What a spreadsheet would take for a formula gets a `'` before
 * it, because ids and reasons come from outside. Lists are joined by a space; what is not known is empty.
 */
export async function* rowsToCsv(rows: Rows): AsyncGenerator<string, void, undefined> {
  yield line(CSV_COLUMNS);
  for await (const row of rows) yield line(COLUMNS.map(([, cellOf]) => cellOf(row)));
}

/** Rows as JSON Lines, a row at a time: all that the record knows. */
export async function* rowsToJsonLines(rows: Rows): AsyncGenerator<string, void, undefined> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

const line = (cells: readonly Cell[]): string => `${cells.map(cellText).join(',')}\r\n`;

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = /^\s*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const listed = (parts: readonly (string | null | undefined)[]): string => parts.filter((part) => !!part).join(' ');
