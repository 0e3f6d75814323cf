import { formatDuration } from '../jobs/duration.js';

/** How long ago, for people. */
export function ageText(since: Date, now = Date.now()): string {
  return formatDuration(Math.max(0, now - since.getTime()));
}
