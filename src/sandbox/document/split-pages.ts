import { selectPages } from './parse-chunks.js';
import { scorePages, type Topic } from './score-pages.js';
import type { SandboxDocument, SandboxPage, SplitSection } from './types.js';

/** A page whose best score is below this share of the strongest page's has no signal of its own. */
const SIGNAL = 0.02;
/** A page without a title stays with the page before it when that topic reaches this share of the best. */
const STAY = 0.6;
/** A winner is sure when the second topic reaches at most this share of it. */
const SURE = 0.8;

/**
 * Gives each page to the topic it speaks of most; a continuation follows the page before it. Pages are 1-based.
 * A topic that no page speaks of gets no pages.
 */
export function splitPages(
  document: SandboxDocument,
  sections: readonly Topic[],
  options: { pages?: readonly number[] } = {},
): SplitSection[] {
  const pages = selectPages(document, options.pages);
  const result: SplitSection[] = sections.map(({ name }) => ({ name, pages: [], confident: true }));
  const scores = discountMentions(scorePages(pages, sections));
  const strongest = Math.max(0, ...scores.flat());
  let previous: number | null = null;
  pages.forEach((page, index) => {
    const chosen = choose(page, scores[index]!, previous, strongest);
    if (!chosen) return;
    const section = result[chosen.topic]!;
    section.pages.push(page.number);
    section.confident &&= chosen.sure;
    previous = chosen.topic;
  });
  return result;
}

function choose(
  page: SandboxPage,
  scores: readonly number[],
  previous: number | null,
  strongest: number,
): { topic: number; sure: boolean } | null {
  const best = Math.max(0, ...scores);
  if (best === 0 || best < SIGNAL * strongest) return previous === null ? null : { topic: previous, sure: false };
  const titled = page.blocks.some((block) => block.type === 'Title');
  if (previous !== null && !titled && scores[previous]! >= STAY * best) return { topic: previous, sure: true };
  const topic = scores.indexOf(best);
  const second = Math.max(0, ...scores.filter((_, i) => i !== topic));
  return { topic, sure: second <= SURE * best };
}

/**
 * A page that only mentions a topic (a cover letter lists the enclosures) scores far below the page that is about it:
 * each score is weighted with the square of its share of the topic's best.
 */
function discountMentions(scores: readonly number[][]): number[][] {
  const best = (scores[0] ?? []).map((_, topic) => Math.max(...scores.map((row) => row[topic]!)));
  return scores.map((row) => row.map((score, topic) => (score === 0 ? 0 : score * (score / best[topic]!) ** 2)));
}
