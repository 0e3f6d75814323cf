import type { S3StoreOptions } from '../../../src/results/s3/index.js';
import type { ResultRef } from '../../../src/jobs/types.js';
import type { VendorAccess } from '../../../src/sandbox/index.js';
import type { Point } from './points.js';

/** What one attempt in a process of its own is told. */
export interface AttemptPlan {
  vendor: 'reducto' | 'pulse';
  access: VendorAccess;
  jobId: string;
  /** 1-based, as Temporal counts. */
  attempt: number;
  store: { root: string } | { s3: S3StoreOptions };
  /** Where it dies by SIGKILL, of its own hand. */
  point?: Point;
  /** Its disk takes no byte, where no real one can be filled. */
  isDiskFull?: boolean;
}

/** How it ended, when it lived to say it. */
export type AttemptEnd =
  | { state: 'completed'; stored: ResultRef }
  | { state: 'pending'; trouble: string | undefined }
  | { state: 'other'; what: string }
  | { state: 'failed'; type: string; message: string; isFinal: boolean };
