import type { LabelSpot } from './label-spots.js';
import { wordsScore } from './labels.js';
import type { LeafRequest } from './leaf-requests.js';
import { scorePages } from './score-pages.js';
import type { SandboxPage } from './types.js';

/** What a page without a title inherits from the page before it. */
const INHERITED = 0.9;
const CLEAR_LABEL = 0.8;

/**
 * How much each page is the one that the schema asks about, 0..1: of the totals and dates of a packet, those on the
 * invoice are meant when the schema speaks of invoices.
 */
export function pageAffinity(
  pages: readonly SandboxPage[],
  spots: readonly LabelSpot[],
  leaves: readonly LeafRequest[],
  about: string,
): Map<SandboxPage, number> {
  const names = leaves.map((leaf) => leaf.path.join(' ')).join(' ');
  const spoken = normalise(
    scorePages(pages, [{ name: `${about} ${names}`, description: '' }]).map((row) => row[0] ?? 0),
  );
  const clear = new Map(pages.map((page) => [page, new Set<LeafRequest>()]));
  for (const spot of spots) {
    for (const leaf of leaves) if (wordsScore(leaf.words, spot.words) >= CLEAR_LABEL) clear.get(spot.page)?.add(leaf);
  }
  const labelled = normalise(pages.map((page) => clear.get(page)!.size));
  const affinity = new Map<SandboxPage, number>();
  let previous = 0;
  pages.forEach((page, i) => {
    const own = (spoken[i]! + labelled[i]!) / 2;
    const titled = page.blocks.some((block) => block.type === 'Title');
    previous = titled ? own : Math.max(own, previous * INHERITED);
    affinity.set(page, previous);
  });
  return affinity;
}

function normalise(values: readonly number[]): number[] {
  const top = Math.max(...values, 0);
  return values.map((value) => (top === 0 ? 0 : value / top));
}
