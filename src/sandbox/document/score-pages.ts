import { STOP_WORDS, tokenise } from './tokenise.js';
import type { BlockType, SandboxPage } from './types.js';

/** How much a word counts by where it stands. Running headers repeat on every page, so they tell little. */
const WEIGHT: Record<BlockType, number> = {
  Title: 5,
  'Section Header': 2.5,
  Text: 1,
  Table: 1,
  'Key Value': 1,
  'List Item': 1,
  Header: 1.5,
  Footer: 0.3,
  'Page Number': 0,
};

/** A text to look for: the words of its name count more than those of its description. */
export interface Topic {
  name: string;
  description: string;
}

/**
 * Scores every page against every topic, tf-idf over words and pairs of words: a word that all pages or several topics
 * share says little. A topic's scores are divided by its own length, so that long descriptions have no advantage.
 * @returns `scores[page][topic]`, ≥ 0
 */
export function scorePages(pages: readonly SandboxPage[], topics: readonly Topic[]): number[][] {
  const counts = pages.map(pageTerms);
  const queries = topics.map(topicTerms);
  const rarity = (term: string) => {
    const onPages = counts.filter((page) => page.has(term)).length;
    const inTopics = queries.filter((query) => query.has(term)).length;
    return (Math.log((pages.length + 1) / (onPages + 0.5)) + 0.15) / inTopics;
  };
  return counts.map((page) =>
    queries.map((query) => {
      let [score, length] = [0, 0];
      for (const [term, weight] of query) {
        length += weight * weight;
        const count = page.get(term) ?? 0;
        if (count > 0) score += weight * Math.log1p(count) * Math.max(0.05, rarity(term));
      }
      return length === 0 ? 0 : score / Math.sqrt(length);
    }),
  );
}

function pageTerms(page: SandboxPage): Map<string, number> {
  const terms = new Map<string, number>();
  for (const block of page.blocks) add(terms, termsOf(block.text), WEIGHT[block.type]);
  return terms;
}

function topicTerms(topic: Topic): Map<string, number> {
  const terms = new Map<string, number>();
  for (const term of new Set(termsOf(topic.description))) terms.set(term, 1);
  for (const term of new Set(termsOf(topic.name))) terms.set(term, 2.5);
  return terms;
}

function termsOf(text: string): string[] {
  const words = tokenise(text)
    .filter((word) => !STOP_WORDS.has(word) && !/^\d/.test(word) && word.length > 1)
    .map(root);
  return [...words, ...words.slice(1).map((word, i) => `${words[i]} ${word}`)];
}

/** `cooking`, `cooked` → `cook`: descriptions and pages bend the same words differently. */
function root(word: string): string {
  return word.length < 6 ? word : word.replace(/(ing|ed|er|ly|ment|e)$/, '');
}

function add(terms: Map<string, number>, found: readonly string[], weight: number): void {
  for (const term of found) terms.set(term, (terms.get(term) ?? 0) + weight);
}
