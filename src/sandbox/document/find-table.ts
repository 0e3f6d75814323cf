import type { Line, SandboxPage } from './types.js';
import { readHeader, type ColumnField } from './table-header.js';
import { readTable, type FoundTable } from './table-rows.js';

/** The table that fits a list's properties best, on the pages that fit the schema best. Null when none has rows. */
export function findTable(
  pages: readonly SandboxPage[],
  fields: readonly ColumnField[],
  affinity: ReadonlyMap<SandboxPage, number>,
): FoundTable | null {
  let [best, bestScore]: [FoundTable | null, number] = [null, 0];
  const read = new Set<Line>();
  pages.forEach((page, pageIndex) => {
    page.lines.forEach((line, lineIndex) => {
      // A header that an earlier page's table goes on with does not begin one of its own.
      const header = read.has(line) ? null : readHeader(page.lines, lineIndex, fields);
      if (!header) return;
      const table = readTable(pages, pageIndex, header, fields);
      if (table.rows.length === 0) return;
      table.lines.forEach((own) => read.add(own));
      const score = header.quality + 0.25 * Math.max(...table.rows.map((row) => affinity.get(row.page) ?? 0));
      if (score > bestScore) [best, bestScore] = [table, score];
    });
  });
  return best;
}
