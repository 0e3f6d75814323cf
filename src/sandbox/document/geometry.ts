import type { Area, Box } from './types.js';

/** The smallest area that holds all of the given ones (at least one). */
export function hull(areas: readonly Area[]): Area {
  return {
    left: Math.min(...areas.map((a) => a.left)),
    top: Math.min(...areas.map((a) => a.top)),
    right: Math.max(...areas.map((a) => a.right)),
    bottom: Math.max(...areas.map((a) => a.bottom)),
  };
}

/** Points that two areas share horizontally; negative = the gap between them. */
export function overlapX(a: Area, b: Area): number {
  return Math.min(a.right, b.right) - Math.max(a.left, b.left);
}

/** Points that two areas share vertically; negative = the gap between them. */
export function overlapY(a: Area, b: Area): number {
  return Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
}

/** Points → fractions of the page, kept within 0..1 and rounded to four places. */
export function toBox(area: Area, page: { width: number; height: number }): Box {
  const left = fraction(area.left, page.width);
  const top = fraction(area.top, page.height);
  return {
    left,
    top,
    width: round(fraction(area.right, page.width) - left),
    height: round(fraction(area.bottom, page.height) - top),
  };
}

function fraction(points: number, whole: number): number {
  return round(Math.min(1, Math.max(0, points / whole)));
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
