import type { BatchDocument, BatchDocumentEnd, BatchRow } from './batch.js';
import type { InFlight } from './batch-state.js';
import { clipped } from './batch-end.js';
import { defined } from './defined.js';

/** A name for people, not an address: enough of it. */
const MAX_SOURCE = 200;

/** A source without what may be secret in it: its query, its fragment, and a user before the host. */
export function publicSource(source: string): string {
  const [address = ''] = source.split(/[?#]/, 1);
  return clipped(address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1'), MAX_SOURCE);
}

/** A document that is being started. */
export function takeOff({ index, id, source, workflowId, tenant }: BatchDocument, nowMs: number): InFlight {
  const shown = publicSource(source);
  return { index, id, workflowId, since: nowMs, ...defined({ source: shown === id ? undefined : shown, tenant }) };
}

/** What the record says of a document that has ended. */
export function batchRow(flight: InFlight, end: BatchDocumentEnd, drive: number): BatchRow {
  const { index, id, source = id, workflowId, tenant, reused } = flight;
  return { schemaVersion: 1, index, id, source, workflowId, drive, ...end, ...defined({ tenant, reused }) };
}

/** The end of a document whose workflow reported none: it was terminated, timed out, or never began. */
export function endWithoutReport(
  { since }: InFlight,
  state: 'failed' | 'cancelled',
  error: { type: string; reason: string },
  nowMs: number,
): BatchDocumentEnd {
  return {
    state,
    error: { type: clipped(error.type, 100), reason: clipped(error.reason, 300) },
    jobs: [],
    pages: null,
    credits: null,
    startedAt: new Date(since).toISOString(),
    endedAt: new Date(nowMs).toISOString(),
  };
}
