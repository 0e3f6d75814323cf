import { commonSize } from './common-size.js';
import type { Line, SandboxPage } from './types.js';

/** A page before its blocks are known. */
export type LinedPage = Omit<SandboxPage, 'blocks'>;

const TOP_ZONE = 0.09;
const BOTTOM_ZONE = 0.91;
/** Below this, a line is a footer even if it stands on one page only. */
const LAST_LINE = 0.94;
/** Larger than this many body sizes, a line is a title. */
const TITLE_SIZE = 1.4;
const PAGE_NUMBER = /^[-–\s]*(page|p\.|seite)?\s*\d{1,4}\s*((of|\/|von)\s*\d{1,4})?[-–\s]*$/i;

/** Marks headers, footers and page numbers: lines near an edge that repeat on other pages but for their digits, or count pages. */
export function markRunningLines(pages: readonly LinedPage[]): LinedPage[] {
  const seen = new Map<string, number>();
  for (const page of pages) {
    for (const key of new Set(page.lines.map((line) => keyOf(line, page)))) seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return pages.map((page) => {
    const bodySize = commonSize(page.lines);
    const lines = page.lines.map((line) => ({ ...line, running: runningType(line, page, bodySize, seen) }));
    return { ...page, lines };
  });
}

function runningType(
  line: Line,
  page: LinedPage,
  bodySize: number,
  seen: ReadonlyMap<string, number>,
): Line['running'] {
  const zone = zoneOf(line, page);
  if (zone === 'body') return null;
  if (PAGE_NUMBER.test(line.text)) return 'Page Number';
  const repeats = (seen.get(keyOf(line, page)) ?? 0) > 1;
  // Titles repeat too. A row of three or more cells at the top is a table that goes on, with its headings repeated.
  if (zone === 'top') return repeats && line.cells.length < 3 && line.size < TITLE_SIZE * bodySize ? 'Header' : null;
  return repeats || line.area.top / page.height > LAST_LINE ? 'Footer' : null;
}

function keyOf(line: Line, page: LinedPage): string {
  return `${zoneOf(line, page)} ${line.text.replace(/\d+/g, '#').toLowerCase()}`;
}

function zoneOf(line: Line, page: LinedPage): 'top' | 'bottom' | 'body' {
  if (line.area.bottom / page.height < TOP_ZONE) return 'top';
  return line.area.top / page.height > BOTTOM_ZONE ? 'bottom' : 'body';
}
