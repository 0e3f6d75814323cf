import type { LabelSpot } from './label-spots.js';
import { wordsScore } from './labels.js';
import type { OwnerRequest } from './leaf-requests.js';
import type { Area, Cell, SandboxPage } from './types.js';
import { blockBelow } from './value-spots.js';

/** Where the properties of a nested object stand: from its header down to the end of the block below it. */
export interface Region {
  page: SandboxPage;
  area: Area;
  header: LabelSpot;
  /** The lines of the block, from the header's own value on. */
  cells: Cell[];
}

const HEADER_SCORE = 0.6;

/** The best region for each object property whose name heads a block somewhere. */
export function findRegions(
  owners: readonly OwnerRequest[],
  spots: readonly LabelSpot[],
  affinity: ReadonlyMap<SandboxPage, number>,
): Map<string, Region> {
  const regions = new Map<string, Region>();
  for (const owner of owners) {
    let best = 0;
    for (const spot of spots) {
      if (spot.inline && !spot.marked) continue;
      const score = wordsScore(owner.words, spot.words);
      if (score < HEADER_SCORE) continue;
      const region = toRegion(spot);
      const total = score + 0.25 * (affinity.get(spot.page) ?? 0);
      if (region.cells.length > 0 && total > best) {
        best = total;
        regions.set(owner.key, region);
      }
    }
  }
  return regions;
}

export function inRegion(spot: LabelSpot, region: Region): boolean {
  return (
    spot.page === region.page &&
    spot.area.left >= region.area.left - 4 &&
    spot.area.left < region.area.right &&
    spot.area.top >= region.area.top &&
    spot.area.bottom <= region.area.bottom + 2
  );
}

function toRegion(header: LabelSpot): Region {
  const next = header.page.lines[header.line]!.cells[header.cell + 1];
  const right = next && next.text !== header.inline?.text ? next.area.left - 4 : header.page.width;
  const block = blockBelow(header, right);
  const inline: Cell[] = header.inline ? [{ ...header.inline, parts: [header.inline] }] : [];
  const cells = [...inline, ...block];
  const bottom = Math.max(header.area.bottom, ...cells.map((cell) => cell.area.bottom));
  return { page: header.page, header, cells, area: { left: header.area.left, top: header.area.top, right, bottom } };
}
