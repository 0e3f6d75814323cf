import { hull, overlapX } from './geometry.js';
import { labelWords, wordsScore, type FieldWords } from './labels.js';
import { cutText } from './table-columns.js';
import type { Cell, Line } from './types.js';

/** A property of a list's items. */
export interface ColumnField {
  key: string;
  words: FieldWords;
}

/** A row of column headings, matched to the properties of a list's items. */
export interface TableHeader {
  /** Headings left to right, those without a property too. */
  columns: Cell[];
  /** For each column the key of its property, or null. */
  keys: (string | null)[];
  /** Index of the header's first line and of the first one after it. */
  start: number;
  bodyStart: number;
  /** Mean label score over all properties, 0..1; 0 for those without a column. */
  quality: number;
}

const MIN_SCORE = 0.5;
/** How well both halves must match to be two headings. */
const SPLIT_SCORE = 0.65;
/** Characters of several headings that ran together; anything longer is no heading. */
const MAX_HEADING = 60;
/** Heading of a column that only counts the rows. */
const COUNTER = /^(#|no\.?|nr\.?|pos\.?)$/i;

/** Reads the line at `index`, alone or with the wrapped rest of its headings on the next line, as a table's header. */
export function readHeader(lines: readonly Line[], index: number, fields: readonly ColumnField[]): TableHeader | null {
  const line = lines[index]!;
  if (line.cells.some((cell) => cell.text.length > MAX_HEADING)) return null;
  const cells = line.cells.flatMap((cell) => splitHeadings(cell, fields));
  const single = matchColumns(cells, fields, index, index + 1);
  const next = lines[index + 1];
  const wrapped =
    next && wraps(line, next) ? matchColumns(mergeRows(cells, next.cells), fields, index, index + 2) : null;
  const best = wrapped && wrapped.quality > (single?.quality ?? 0) + 0.01 ? wrapped : single;
  const matched = best?.keys.filter((key) => key !== null).length ?? 0;
  return best && matched >= Math.min(fields.length, Math.max(2, Math.ceil(fields.length / 2))) ? best : null;
}

function matchColumns(
  columns: Cell[],
  fields: readonly ColumnField[],
  start: number,
  bodyStart: number,
): TableHeader | null {
  if (columns.length < 2 || columns.some((column) => /\d{3}|:\s*\S/.test(column.text))) return null;
  const pairs = columns
    .flatMap((column, index) => {
      const words = labelWords(column.text);
      return fields.map((field) => ({ index, field, score: wordsScore(field.words, words) }));
    })
    .filter((pair) => pair.score >= MIN_SCORE)
    .sort((a, b) => b.score - a.score);
  const keys: (string | null)[] = columns.map(() => null);
  let sum = 0;
  for (const { index, field, score } of pairs) {
    if (keys[index] !== null || keys.includes(field.key)) continue;
    keys[index] = field.key;
    sum += score;
  }
  return { columns, keys, start, bodyStart, quality: sum / fields.length };
}

/** Headings so close that they stand in one cell: `Qty Description`, `# Item`. */
function splitHeadings(cell: Cell, fields: readonly ColumnField[]): Cell[] {
  const whole = bestField(cell.text, fields).score;
  for (const { index } of cell.text.matchAll(/ /g)) {
    const [left, right] = cutText(cell, index);
    const counter = COUNTER.test(left.text);
    const [first, second] = [
      counter ? { score: 1, field: null } : bestField(left.text, fields),
      bestField(right.text, fields),
    ];
    const sure = first.score >= SPLIT_SCORE && second.score >= SPLIT_SCORE && first.field !== second.field;
    if (sure && (first.score + second.score) / 2 > whole + 0.1) return [left, ...splitHeadings(right, fields)];
  }
  return [cell];
}

function bestField(text: string, fields: readonly ColumnField[]): { score: number; field: ColumnField | null } {
  const words = labelWords(text);
  const scored = fields.map((field) => ({ field, score: wordsScore(field.words, words) }));
  return scored.sort((a, b) => b.score - a.score)[0] ?? { field: null, score: 0 };
}

/** The second line of a header stands close below, has no digits and no more cells than the first. */
function wraps(line: Line, next: Line): boolean {
  return next.area.top - line.area.bottom < 0.6 * line.size && !/\d/.test(next.text);
}

function mergeRows(first: readonly Cell[], second: readonly Cell[]): Cell[] {
  const merged = first.map((cell) => ({ ...cell }));
  for (const cell of second) {
    const above = merged.find((candidate) => overlapX(candidate.area, cell.area) > 0);
    if (!above) merged.push({ ...cell });
    else Object.assign(above, { text: `${above.text} ${cell.text}`, area: hull([above.area, cell.area]) });
  }
  return merged.sort((a, b) => a.area.left - b.area.left);
}
