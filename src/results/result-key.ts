import { createHash } from 'node:crypto';
import type { JobRef } from '../jobs/types.js';

const MAX_SEGMENT = 120;

/**
 * Where a job's whole result lies: `<provider>/<account>/<operation>/<jobId>.json`. The same job has the same key for ever, so that
 * a second collect finds the first one's object.
 */
export function resultKey({ provider, account, operation, jobId }: JobRef): string {
  return `${[provider, account, operation, jobId].map(segment).join('/')}.json`;
}

/** Names that had to be changed get a hash of the original, so that two of them never share a key. */
function segment(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^[._-]+/, '');
  if (safe === name && safe.length <= MAX_SEGMENT && safe !== '') return safe;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${safe.slice(0, MAX_SEGMENT) || 'x'}-${hash}`;
}
