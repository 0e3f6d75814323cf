/** One line of the report. */
export interface ConformanceRow {
  /** `—` for what belongs to no operation. */
  operation: string;
  situation: string;
  expected: string;
  /** What came, and where that is not what was expected, in what. */
  got: string;
  /** Real time. */
  ms: number;
  /** Calls that arrived at the vendor. */
  requests: number;
  /** Null: the vendor or its stand-in can't show this. That is no pass, and no failure. */
  ok: boolean | null;
}

export interface ConformanceReport {
  rows: ConformanceRow[];
  /** No row failed. */
  ok: boolean;
  /** Monospaced, for people: failed rows tell what was expected and what came. The last line counts. */
  table(): string;
}

export function createReport(provider: string, rows: ConformanceRow[]): ConformanceReport {
  return { rows, ok: rows.every((row) => row.ok !== false), table: () => table(provider, rows) };
}

const HEAD = ['', 'operation', 'situation', 'what came', 'requests', 'ms'];
const MARKS = { true: 'ok', false: 'FAILED', null: '-' } as const;

function table(provider: string, rows: ConformanceRow[]): string {
  const cells = rows.map((row) => [
    MARKS[`${row.ok}`],
    row.operation,
    row.situation,
    row.got,
    row.ok === null ? '' : String(row.requests),
    row.ok === null ? '' : String(Math.round(row.ms)),
  ]);
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...cells.map((line) => width(line[column], column))),
  );
  const print = (line: string[]): string =>
    line
      .map((cell, column) => (column > 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const body = rows.flatMap((row, at) => {
    const line = print(cells[at] ?? []);
    return row.ok === false ? [line, `        expected: ${row.expected}`] : [line];
  });
  return [print(HEAD), ...body, '', summary(provider, rows)].join('\n');
}

/** A failure's long text may overhang; it must not widen the table for all. */
const width = (cell: string | undefined, column: number): number => Math.min(cell?.length ?? 0, column === 3 ? 60 : 40);

function summary(provider: string, rows: ConformanceRow[]): string {
  const count = (verdict: boolean | null): number => rows.filter((row) => row.ok === verdict).length;
  const seconds = (rows.reduce((total, row) => total + row.ms, 0) / 1_000).toFixed(1);
  const failed = count(false);
  const verdict = failed === 0 ? `${provider} conforms` : `${provider} does not conform`;
  return `${verdict}: ${count(true)} ok, ${failed} failed, ${count(null)} not shown, ${seconds} s`;
}
