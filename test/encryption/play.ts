import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { STATUS_QUERY, type Provider } from '../../src/index.js';
import { findDocumentFailure } from '../../src/jobs/failures.js';
import type { DocumentJobsStatus } from '../../src/jobs/types.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { type Vendor, VENDORS } from '../support/vendors.js';
import { waitUntil } from '../support/wait-until.js';
import { CANARIES, inputOf, type Scenario, WORKFLOWS } from './matrix.js';
import { type Stand, TASK_QUEUE } from './stand.js';

/** One scenario's vendors: faults are counted for each document, so each has a sandbox of its own. */
export interface Play {
  workflow: (typeof WORKFLOWS)[number];
  vendor: Vendor;
  scenario: Scenario;
  sandbox: Sandbox;
  /** Also the workflow's id. */
  account: string;
}

export async function preparePlays(scenarios: readonly Scenario[]): Promise<Play[]> {
  const all = WORKFLOWS.flatMap((workflow) =>
    VENDORS.flatMap((vendor) => scenarios.map((scenario) => ({ workflow, vendor, scenario }))),
  );
  return Promise.all(
    all.map(async ({ workflow, vendor, scenario }): Promise<Play> => {
      const duration = { baseMs: 100, perPageMs: 0, jitter: 0 };
      const sandbox = await createSandbox({ key: CANARIES.key, duration, ...scenario.sandbox?.(vendor) });
      return { workflow, vendor, scenario, sandbox, account: `${workflow}-${vendor.name}-${scenario.name}` };
    }),
  );
}

export const accountsOf = (plays: readonly Play[]): Record<string, Provider> =>
  Object.fromEntries(plays.map(({ account, vendor, sandbox }) => [account, vendor.provider(sandbox)]));

/** Runs one document to its end. @returns how it ended. */
export async function play({ client }: Stand, source: string, one: Play): Promise<string> {
  const { workflow, vendor, scenario, account } = one;
  const args = [inputOf(vendor, account, source, scenario)];
  const handle = await client.workflow.start(workflow, { workflowId: account, taskQueue: TASK_QUEUE, args });
  if (scenario.cancel) {
    const accepted = async (): Promise<boolean> => {
      const { jobs } = await handle.query<DocumentJobsStatus, []>(STATUS_QUERY);
      return jobs.some(({ jobId }) => jobId !== null);
    };
    await waitUntil(accepted, 'the job was accepted');
    await handle.cancel();
  }
  try {
    return ((await handle.result()) as { status: string }).status;
  } catch (error) {
    if (error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure) return 'cancelled';
    return findDocumentFailure(error)?.type ?? String(error);
  }
}
