/** A time as vendors write it, in ms since the epoch; null for what is none. */
export function vendorTime(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  // Times come with or without a zone; without one they are UTC.
  const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? null : time;
}

/** The same as ISO text. */
export function isoTime(ms: number | null): string | undefined {
  const date = ms === null ? null : new Date(ms);
  return date === null || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
