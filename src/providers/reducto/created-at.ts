import type { ListedJob } from './schemas.js';

/** When a listed job was made, ms since the epoch; null when the list does not say so in words that are a time. */
export function createdAt({ created_at }: ListedJob): number | null {
  if (typeof created_at !== 'string') return null;
  // Times come with or without a zone; without one they are UTC.
  const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(created_at) ? created_at : `${created_at}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? null : time;
}
