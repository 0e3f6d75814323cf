import type { WorkflowHandle, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ProcessDocumentInput } from '../../src/jobs/process-document.js';
import type { FaultRule, Sandbox } from '../../src/sandbox/index.js';
import type { Vendor } from '../../test/support/vendors.js';

/** One workflow's life whose history is kept for ever. */
export interface Scenario {
  name: string;
  /** Default `processDocument`. */
  workflow?: string;
  /** Default: the time-skipping server, which has no lists. */
  server?: 'dev';
  faults?: (vendor: Vendor) => FaultRule[];
  /** The vendor calls when a job has ended. */
  webhooks?: true;
  /** How long the vendor takes to parse, ms. */
  parseMs?: number;
  /** For `processDocument`, beside source and provider. */
  input?: Partial<ProcessDocumentInput>;
  /** Instead of `input`. What has to be there before the workflow is seen to. */
  args?: (stage: Stage) => unknown[] | Promise<unknown[]>;
  /** What happens meanwhile. */
  act?: (life: Life) => Promise<void>;
  /** Further workflows or runs that are kept, by what is added to the file's name. */
  also?: (life: Life) => Record<string, WorkflowHandle>;
}

/** What there is before a scenario's workflow starts. */
export interface Stage {
  env: TestWorkflowEnvironment;
  vendor: Vendor;
  sandbox: Sandbox;
  /** URL of the document. */
  source: string;
  start: (workflow: string, workflowId: string, args: unknown[]) => Promise<WorkflowHandleWithFirstExecutionRunId>;
}

export interface Life extends Stage {
  handle: WorkflowHandleWithFirstExecutionRunId;
  /** Waits for the workflow's end, whatever it is: simulated time skips meanwhile. Asked twice, the server would skip running activities too. */
  ended: () => Promise<void>;
}

/** Single reads: a window would hold simulated time at real speed. */
export const SINGLE_READS = { window: 0, cancelSettle: '5s' } as const;
