import { labelWords } from './labels.js';
import type { Area, Cell, SandboxPage, TextItem } from './types.js';

/** A place where a label may stand: a cell or the beginning of one. */
export interface LabelSpot {
  page: SandboxPage;
  /** Index in `page.lines`, and in that line's cells. */
  line: number;
  cell: number;
  text: string;
  words: string[];
  area: Area;
  font: string;
  size: number;
  /** The rest of the cell, when it holds the value too. */
  inline: TextItem | null;
  /** The label says so itself with a colon or a leader. */
  marked: boolean;
}

const PAIR_BREAK = /\s+[|•·]\s+|(?<=:\s+\S.*)\s(?=[A-Z][\w.#]*(?:\s[\w.#]+){0,2}:\s)/;
const MARKED = /^([^:]*[^\W\d][^:]{0,50}?)\s*:(?:\s+|$)(.*)$/u;
const LEADER = /^(.*?[^\W\d].*?)\s*[._·…]{4,}\s*(.+)$/u;
const CHECKBOX = /^(\[[ xX]?\]|[☐☒☑✓✔])\s*(.+)$/;
const MAX_LABEL = 60;

/** Every place of a page where a label may stand, top to bottom. */
export function findLabelSpots(page: SandboxPage): LabelSpot[] {
  return page.lines.flatMap((line, lineIndex) =>
    line.cells.flatMap((cell, cellIndex) =>
      pieces(cell).flatMap((piece) =>
        readings(piece.text).map(({ label, value, marked, valueFirst }): LabelSpot => {
          const labelStart = valueFirst ? piece.text.length - label.length : 0;
          return {
            page,
            line: lineIndex,
            cell: cellIndex,
            text: label,
            words: labelWords(label),
            area: slice(piece, labelStart, labelStart + label.length),
            font: cell.font,
            size: cell.size,
            inline: value === '' ? null : valueItem(piece, value, valueFirst),
            marked,
          };
        }),
      ),
    ),
  );
}

/** True for a text that is a label with its value, and so no other label's value. */
export function isPair(text: string): boolean {
  const label = MARKED.exec(text)?.[1];
  return label !== undefined && label.split(' ').length <= 4;
}

interface Reading {
  label: string;
  value: string;
  marked: boolean;
  valueFirst: boolean;
}

/** The ways to read a text as label and value. */
function readings(text: string): Reading[] {
  const checkbox = CHECKBOX.exec(text);
  if (checkbox) return [{ label: checkbox[2]!, value: checkbox[1]!, marked: true, valueFirst: true }];
  const split = MARKED.exec(text) ?? LEADER.exec(text);
  if (split) return [{ label: split[1]!, value: split[2]!.trim(), marked: true, valueFirst: false }];
  if (text.length > 4 * MAX_LABEL) return [];
  const whole =
    text.length <= MAX_LABEL && !/\d{3}/.test(text)
      ? [{ label: text, value: '', marked: false, valueFirst: false }]
      : [];
  return [...whole, ...prefixes(text)];
}

/** `Total due $ 45.00`: the label may end before any word that begins as a number, a code or an amount does. */
function prefixes(text: string): Reading[] {
  return [...text.matchAll(/\s+(?=[$€£¥(#-]|[A-Z]{0,5}[-/]?\d)/g)].slice(0, 4).flatMap((match) => {
    const [label, value] = [text.slice(0, match.index), text.slice(match.index).trim()];
    return /[a-z]/i.test(label) && !/\s\d[\d.,]*$/.test(label) && label.length <= MAX_LABEL
      ? [{ label, value, marked: false, valueFirst: false }]
      : [];
  });
}

/** The parts of a cell that holds several pairs: `No: 12 | Date: 3 May`. */
function pieces(cell: Cell): TextItem[] {
  if (!/[:|•·]/.test(cell.text)) return [cell];
  let offset = 0;
  return cell.text.split(PAIR_BREAK).map((text) => {
    const start = cell.text.indexOf(text, offset);
    offset = start + text.length;
    return { text, area: slice(cell, start, offset), size: cell.size, font: cell.font };
  });
}

function valueItem(piece: TextItem, value: string, valueFirst: boolean): TextItem {
  const start = valueFirst ? 0 : piece.text.lastIndexOf(value);
  return { text: value, area: slice(piece, start, start + value.length), size: piece.size, font: piece.font };
}

/** Where the characters `from` to `to` of an item stand, as if all were equally wide. */
function slice({ text, area }: TextItem, from: number, to: number): Area {
  const width = (area.right - area.left) / Math.max(1, text.length);
  return { ...area, left: area.left + from * width, right: area.left + to * width };
}
