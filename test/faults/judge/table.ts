import type { Undisturbed } from './judge.js';
import { keyOf } from './judge.js';
import type { Row } from './row.js';

const COLUMNS = [
  'crash point',
  'vendor',
  'runs',
  'complete',
  'ended as named',
  'lost',
  'paid twice',
  'labelled duplicates',
  'left running',
  'ids lost',
  'adopted',
  'reaped',
  'median extra s',
] as const;

/** One line for each crash point and vendor, and one for all of a vendor's, as Markdown. Only runs whose fault came about count. */
export function tableOf(rows: readonly Row[], undisturbed: Undisturbed): string {
  const fired = rows.filter((row) => row.fired);
  const lines: string[][] = [];
  const points = [...new Set(fired.map(({ point }) => point))];
  for (const point of [...points, 'all']) {
    for (const vendor of ['reducto', 'pulse'] as const) {
      const some = fired.filter((row) => row.vendor === vendor && (point === 'all' || row.point === point));
      if (some.length > 0) lines.push(lineOf(point, vendor, some, undisturbed));
    }
  }
  const dashes = COLUMNS.map((_, column) => (column < 2 ? '---' : '--:'));
  return [[...COLUMNS], dashes, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function lineOf(point: string, vendor: string, rows: Row[], undisturbed: Undisturbed): string[] {
  const count = (holds: (row: Row) => boolean): number => rows.filter(holds).length;
  const sum = (figure: (row: Row) => number): number => rows.reduce((total, row) => total + figure(row), 0);
  const broken = (...names: Row['violations']) =>
    count(({ violations }) => names.some((name) => violations.includes(name)));
  const figures = [
    rows.length,
    count(({ ended }) => ended === 'complete'),
    count(({ ended, violations }) => ended !== 'complete' && violations.length === 0),
    broken('lost', 'wrong ending'),
    broken('paid twice', 'unlabelled duplicate'),
    sum((row) => (row.vendor === 'reducto' ? 0 : Math.max(0, row.accepted - row.asked - row.resubmits - row.repairs))),
    broken('left running'),
    sum(({ unheardOf, vendor: name }) => (name === 'reducto' ? 0 : unheardOf)),
    sum(({ adopted }) => adopted),
    sum(({ reaped }) => reaped),
  ];
  return [point, vendor, ...figures.map(String), medianExtra(rows, undisturbed)];
}

/** Beyond what an undisturbed document takes; of those that completed. */
function medianExtra(rows: readonly Row[], undisturbed: Undisturbed): string {
  const extras = rows
    .filter(({ ended }) => ended === 'complete')
    .map((row) => row.ms - (undisturbed.get(keyOf(row))?.ms ?? 0))
    .sort((a, b) => a - b);
  const median = extras[Math.floor(extras.length / 2)];
  return median === undefined ? '–' : String(Math.round(median / 1000));
}
