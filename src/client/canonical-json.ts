import { createHash } from 'node:crypto';

/** JSON with sorted keys: two values that say the same in another order are the same. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Lower-case hex. */
export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
