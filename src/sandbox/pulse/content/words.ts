import type { JsonObject } from '../../../jobs/json.js';
import type { View } from '../../view.js';
import { polygon } from './bounding-boxes.js';

/** Every word with its box. Files place runs of text, so a word's share of its run is taken by its letters. */
export function wordsOf({ document, pages }: View): JsonObject[] {
  const words: JsonObject[] = [];
  for (const page of document.pages.filter(({ number }) => pages.includes(number))) {
    const parts = page.lines.flatMap((line) => line.cells.flatMap((cell) => cell.parts));
    for (const { text, area } of parts) {
      const letter = (area.right - area.left) / Math.max(1, text.length);
      for (const match of text.matchAll(/\S+/g)) {
        const box = {
          left: fraction(area.left + match.index * letter, page.width),
          top: fraction(area.top, page.height),
          width: fraction(match[0].length * letter, page.width),
          height: fraction(area.bottom - area.top, page.height),
        };
        const id = `w-${words.length + 1}`;
        words.push({ id, content: match[0], page_number: page.number, bounding_box: polygon(box) });
      }
    }
  }
  return words;
}

function fraction(points: number, whole: number): number {
  return Math.round(Math.min(1, Math.max(0, points / whole)) * 10_000) / 10_000;
}
