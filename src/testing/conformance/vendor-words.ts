import type { JsonValue } from '../../jobs/json.js';
import type { VendorName } from '../../sandbox/index.js';

/** What a script needs of a vendor's own language. */
export interface VendorWords {
  /** A reason to fail that does not pass. */
  failed: { name: string; message: string };
  /** One that may pass; left out where the vendor names none. */
  transient?: { name: string; message: string };
  /** A status word of a job that waits. */
  queued: string;
  /** The body of an error. */
  refusal: JsonValue;
  /** The answer to a reference that is gone. */
  referenceGone: { status: number; body: JsonValue };
  /** The body of a status read: completed, with a result that is none. */
  unreadable: JsonValue;
  /** Some results can be read once only. */
  servesOnce: boolean;
}

export const VENDOR_WORDS: Readonly<Record<VendorName, VendorWords>> = {
  reducto: {
    failed: { name: 'DOCUMENT_CORRUPT', message: 'cannot read the page tree' },
    transient: { name: 'SERVICE_UNAVAILABLE', message: 'try later' },
    queued: 'Pending',
    refusal: { error: { code: 400, name: 'INVALID_CONFIG', message: 'no such model' } },
    referenceGone: { status: 404, body: { error: { code: 404, name: 'NOT_FOUND', message: 'Job not found.' } } },
    unreadable: { status: 'Completed', result: 5 },
    servesOnce: false,
  },
  pulse: {
    failed: { name: 'FILE_003', message: 'the file is corrupt' },
    transient: { name: 'PROC_001', message: 'temporarily unavailable, try again' },
    queued: 'pending',
    refusal: { error: { code: 'REQ_001', message: 'invalid request' } },
    referenceGone: { status: 404, body: { error: { message: 'Extraction not found' } } },
    unreadable: { job_id: 'unreadable', status: 'completed', result: 5 },
    servesOnce: true,
  },
};
