import type { HttpBindings } from '@hono/node-server';
import type { Clock } from './clock.js';
import type { ReadCached } from './document-cache.js';
import type { FaultEngine } from './faults.js';
import type { Files } from './files.js';
import type { Jobs } from './jobs.js';
import type { LimitEngine } from './limits.js';
import type { LedgerBook } from './ledger.js';
import type { SourceFetcher } from './source-fetcher.js';
import type { Storage } from './storage.js';
import type { Webhooks } from './webhooks/create-webhooks.js';

/** What the vendors' routes share. */
export interface SandboxCore {
  /** The one key that is accepted. */
  key: string;
  clock: Clock;
  jobs: Jobs;
  ledger: LedgerBook;
  faults: FaultEngine;
  limits: LimitEngine;
  storage: Storage;
  files: Files;
  /** Fetches what requests name by a URL. */
  sources: SourceFetcher;
  readDocument: ReadCached;
  /** Tells of jobs' ends. */
  webhooks: Webhooks;
  /** Aborts when the sandbox closes. */
  closing: AbortSignal;
}

export interface SandboxEnv {
  Bindings: HttpBindings;
  Variables: {
    /** Set by the handler that accepted a job. */
    jobId?: string;
  };
}
