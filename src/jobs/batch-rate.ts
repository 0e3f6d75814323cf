/** Moments at which the number of ended documents is remembered lie so far apart, at least. */
const MARK_MS = 60_000;
const MAX_MARKS = 10;

type Marks = readonly (readonly [atMs: number, ended: number])[];

/** The marks with one of now, when the last is old enough; the oldest is forgotten. */
export function marked(marks: [number, number][], nowMs: number, ended: number): [number, number][] {
  const last = marks.at(-1);
  if (last !== undefined && nowMs - last[0] < MARK_MS) return marks;
  return [...marks, [nowMs, ended] as [number, number]].slice(-MAX_MARKS);
}

/** Documents a second over the last ten minutes, or since the beginning; 0 when nothing can be said. */
export function rateOf(marks: Marks, nowMs: number, ended: number): number {
  const [oldest] = marks;
  if (oldest === undefined || nowMs <= oldest[0]) return 0;
  return ((ended - oldest[1]) * 1_000) / (nowMs - oldest[0]);
}
