import { pathKey, type LeafRequest } from './leaf-requests.js';
import type { Region } from './regions.js';
import type { Finding } from './resolve-leaves.js';
import { currencyOf } from './typed-value.js';
import type { Cell, SandboxPage } from './types.js';
import { hull } from './geometry.js';

/**
 * Values that have no label of their own: the lines of an address block by their place, a currency by the symbols
 * beside the amounts.
 */
export function unlabelledValue(
  leaf: LeafRequest,
  region: Region | undefined,
  found: ReadonlyMap<string, Finding>,
  pages: readonly SandboxPage[],
): Finding | null {
  if (leaf.shape.type !== 'string') return null;
  if (leaf.words.name.includes('currency')) return currency(leaf, found, pages);
  return region ? fromBlock(leaf, region) : null;
}

function fromBlock(leaf: LeafRequest, region: Region): Finding | null {
  const plain = region.cells.filter((cell) => !/:\s|:$/.test(cell.text));
  const name = leaf.words.name;
  if (name.includes('email'))
    return toFinding(region.page, region.cells.filter((cell) => cell.text.includes('@')).slice(0, 1));
  if (name.some((word) => ['name', 'company', 'customer', 'supplier', 'vendor'].includes(word)))
    return toFinding(region.page, plain.slice(0, 1));
  if (name.includes('address'))
    return toFinding(
      region.page,
      plain.slice(1).filter((cell) => !/@|^\+?[\d\s()-]{7,}$/.test(cell.text)),
    );
  if (name.includes('street')) return toFinding(region.page, plain.slice(1, 2));
  return null;
}

function toFinding(page: SandboxPage, cells: readonly Cell[]): Finding | null {
  if (cells.length === 0) return null;
  const text = cells.map((cell, i) => (i < cells.length - 1 ? cell.text.replace(/,$/, '') : cell.text)).join(', ');
  return { value: text, text, page, area: hull(cells.map((cell) => cell.area)) };
}

/** The currency that the found amounts show, else the first one on any page. */
function currency(
  leaf: LeafRequest,
  found: ReadonlyMap<string, Finding>,
  pages: readonly SandboxPage[],
): Finding | null {
  const amounts = [...found].filter(
    ([key, finding]) => key !== pathKey(leaf.path) && typeof finding.value === 'number',
  );
  const cells = pages.flatMap((page) =>
    page.lines.flatMap((line) => line.cells.map(({ text, area }) => ({ page, text, area }))),
  );
  for (const place of [...amounts.map(([, finding]) => finding), ...cells]) {
    const code = currencyOf(place.text);
    if (
      code !== null &&
      /\d|\b(in|currency)\b|^\W*[A-Z]{3}\W*$|\([^)]{1,4}\)/i.test(place.text) &&
      (leaf.shape.enum?.includes(code) ?? true)
    ) {
      return { value: code, text: place.text, page: place.page, area: place.area };
    }
  }
  return null;
}
