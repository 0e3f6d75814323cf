import type { Books } from './books.js';

/** One row of a table that has a figure a row and a scenario a column. */
export const column = (figure: string, values: Record<string, string | number>): object => ({ figure, ...values });

export const seconds = (ms: number): string => (Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : '–');

/** The smallest figure that so large a share does not exceed. */
export const shareOf = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;

const FIGURES: readonly [figure: string, of: (books: Books) => number][] = [
  ['documents', ({ documents }) => documents],
  ['completed', ({ completed }) => completed],
  ['ended as unknown, labelled', ({ unknown }) => unknown],
  ['failed', ({ failed }) => failed],
  ['lost', ({ lost }) => lost],
  ['operations asked for', ({ asked }) => asked],
  ['jobs accepted', ({ accepted }) => accepted],
  ['found again and adopted', ({ adopted }) => adopted],
  ['submitted again, in the receipts', ({ again }) => again],
  ['paid twice', ({ paidTwice }) => paidTwice],
  ['left running', ({ leftRunning }) => leftRunning],
];

/** The figures of each scenario's books, in rows. */
export const booksRows = (all: readonly Books[]): [string, ...number[]][] =>
  FIGURES.map(([figure, of]) => [figure, ...all.map(of)]);

/** What must hold whatever happened. */
export function brokenBooks(scenario: string, { failed, lost, paidTwice, leftRunning }: Books): string[] {
  return Object.entries({ failed, lost, 'paid twice': paidTwice, 'left running': leftRunning }).flatMap(
    ([what, count]) => (count === 0 ? [] : [`${scenario}: ${count} ${what}`]),
  );
}
