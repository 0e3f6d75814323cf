import type { SandboxDocument } from '../document/index.js';

const SHORTEST_WORD = 3;
/** A criterion is met when this share of its words stands on the pages. */
const MET = 0.5;
const FILLERS = new Set(
  'the and for with has have contains contain shows show includes include document page that this from are was'.split(
    ' ',
  ),
);

/** The words of some pages. */
export function pageWords(document: SandboxDocument, pages: readonly number[]): ReadonlySet<string> {
  const lines = document.pages.filter(({ number }) => pages.includes(number)).flatMap((page) => page.lines);
  return new Set(lines.flatMap(({ text }) => words(text)));
}

export function meets(present: ReadonlySet<string>, criterion: string): boolean {
  const wanted = words(criterion).filter((word) => !FILLERS.has(word));
  if (wanted.length === 0) return false;
  return wanted.filter((word) => present.has(word)).length / wanted.length >= MET;
}

/** Lower case, without the plural's `s`. */
function words(text: string): string[] {
  const found = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return found.filter((word) => word.length >= SHORTEST_WORD).map((word) => word.replace(/s$/, ''));
}
