const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** `ms`, or any of a unit's usual spellings, whose first letter tells it. */
const PATTERN = /^\s*(\d+(?:\.\d+)?)\s*(ms|s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|)\s*$/i;

/** Beyond it lie only mistakes, and dates that can't be written. */
const MAX_MS = 10 * 365 * 86_400_000;

/**
 * Reads a duration: a number of ms, or a string such as `8s`, `30m`, `12h`, `1 hour`, `1.5 minutes`.
 * @returns ms from 0 to ten years, or null when it is no such duration.
 */
export function parseDuration(value: number | string): number | null {
  if (typeof value === 'number') return value >= 0 && value <= MAX_MS ? value : null;
  const match = PATTERN.exec(value);
  if (match === null) return null;
  const unit = (match[2] ?? '').toLowerCase();
  const factor = UNITS[(unit === 'ms' || unit === '' ? 'ms' : unit[0]) as keyof typeof UNITS];
  return parseDuration(Math.round(Number(match[1]) * factor));
}

/** `90_000` → `1m 30s`; for people, not for parsing. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return ms < 10_000 ? `${(ms / 1000).toFixed(1)}s` : `${seconds}s`;
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return [h && `${h}h`, m && `${m}m`, s && `${s}s`].filter(Boolean).join(' ');
}
