/** One line of the report. */
export interface StoreConformanceRow {
  situation: string;
  expected: string;
  /** What came, where that is not what was expected. */
  got: string;
  /** Real time. */
  ms: number;
  /** Null: can't be shown with what was given. That is no pass, and no failure. */
  ok: boolean | null;
}

export interface StoreConformanceReport {
  rows: StoreConformanceRow[];
  /** No row failed. */
  ok: boolean;
  /** Monospaced, for people: failed rows tell what was expected and what came. The last line counts. */
  table(): string;
}

export function createStoreReport(rows: StoreConformanceRow[]): StoreConformanceReport {
  return { rows, ok: rows.every((row) => row.ok !== false), table: () => table(rows) };
}

const MARKS = { true: 'ok    ', false: 'FAILED', null: '-     ' } as const;

function table(rows: StoreConformanceRow[]): string {
  const width = Math.max(0, ...rows.map((row) => row.situation.length));
  const lines = rows.flatMap((row) => {
    const time = row.ok === null ? row.got : `${Math.round(row.ms)} ms`;
    const line = `${MARKS[`${row.ok}`]}  ${row.situation.padEnd(width)}  ${time}`;
    return row.ok === false ? [line, `        expected: ${row.expected}`, `        got: ${row.got}`] : [line];
  });
  return [...lines, '', summary(rows)].join('\n');
}

function summary(rows: StoreConformanceRow[]): string {
  const count = (verdict: boolean | null): number => rows.filter((row) => row.ok === verdict).length;
  const seconds = (rows.reduce((total, row) => total + row.ms, 0) / 1_000).toFixed(1);
  const verdict = count(false) === 0 ? 'the store conforms' : 'the store does not conform';
  return `${verdict}: ${count(true)} ok, ${count(false)} failed, ${count(null)} not shown, ${seconds} s`;
}
