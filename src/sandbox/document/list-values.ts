import type { LabelSpot } from './label-spots.js';
import { wordsScore, type FieldWords } from './labels.js';
import type { SandboxPage, TextItem } from './types.js';
import { blockBelow } from './value-spots.js';

const BULLET = /^([-•·▪◦*–]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+/;
/** How far below an item its next line may stand, in font sizes. */
const LEADING = 0.9;
const MIN_LABEL = 0.6;

export interface ListItem {
  page: SandboxPage;
  item: TextItem;
}

/** The items of a list of plain values: those listed below a heading that names it, or separated by commas beside it. */
export function listValues(
  words: FieldWords,
  spots: readonly LabelSpot[],
  affinity: ReadonlyMap<SandboxPage, number>,
): ListItem[] {
  let [best, bestScore]: [LabelSpot | null, number] = [null, 0];
  for (const spot of spots) {
    const label = wordsScore(words, spot.words);
    const score = label + 0.25 * (affinity.get(spot.page) ?? 0);
    if (label >= MIN_LABEL && score > bestScore && itemsOf(spot).length > 0) [best, bestScore] = [spot, score];
  }
  return best === null ? [] : itemsOf(best).map((item) => ({ page: best.page, item }));
}

function itemsOf(spot: LabelSpot): TextItem[] {
  if (spot.inline) return spot.marked ? separate(spot.inline) : [];
  const right = spot.page.lines[spot.line]!.cells[spot.cell + 1];
  if (right) return separate(right);
  const listed = bulleted(spot);
  return listed.length > 0 ? listed : blockBelow(spot);
}

function separate(item: TextItem): TextItem[] {
  const separator = item.text.includes(';') ? ';' : ',';
  return item.text.split(separator).flatMap((text) => (text.trim() === '' ? [] : [{ ...item, text: text.trim() }]));
}

/** Lines with bullets or numbers below the heading; a line without one goes on with the item above. */
function bulleted(spot: LabelSpot): TextItem[] {
  const items: TextItem[] = [];
  let bottom = spot.area.bottom;
  for (const line of spot.page.lines.slice(spot.line + 1)) {
    if (line.running || line.area.top - bottom > 2.4 * line.size) break;
    const [first, second] = line.cells;
    const text =
      second && /^\W$/.test(first!.text) ? `${first!.text} ${line.text.slice(first!.text.length).trim()}` : line.text;
    if (BULLET.test(text)) items.push({ ...first!, area: line.area, text: text.replace(BULLET, '') });
    else {
      const last = items.at(-1);
      if (!last || line.area.top - bottom > LEADING * line.size || line.area.left <= last.area.left + 2) break;
      last.text = `${last.text} ${text}`;
    }
    bottom = line.area.bottom;
  }
  return items;
}
