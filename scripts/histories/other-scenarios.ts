import type { WorkflowHandle } from '@temporalio/client';
import { WEBHOOK_SIGNAL } from '../../src/jobs/names.js';
import { leaseWorkflowId } from '../../src/jobs/reap.js';
import { mailboxWorkflowId } from '../../src/jobs/webhook.js';
import { waitUntil } from '../../test/support/wait-until.js';
import { type Life, type Scenario, SINGLE_READS, type Stage } from './scenario.js';

const lenient = { type: 'object', properties: { invoice_number: { type: ['string', 'null'] } } };
const settings = ({ vendor }: Stage): object => ({ provider: vendor.name, polling: SINGLE_READS });

/** Lives of users' workflows (see `workflows.ts`) and of the package's other ones. */
export const OTHER_SCENARIOS: readonly Scenario[] = [
  {
    name: 'attached',
    workflow: 'attachToParse',
    args: async (stage) => [await stage.vendor.parse(stage.sandbox, stage.source), settings(stage)],
    also: ({ env, vendor, sandbox }) => {
      const [{ jobId } = { jobId: '' }] = sandbox.ledger.accepted('parse');
      const job = { provider: vendor.name, account: vendor.name, operation: 'parse', jobId } as const;
      return { lease: env.client.workflow.getHandle(leaseWorkflowId(job, 0)) };
    },
  },
  {
    name: 'several-repaired',
    workflow: 'extractFromSeveral',
    args: (stage) => [[stage.source, stage.source], lenient, settings(stage)],
    act: forgetTheSecond,
  },
  {
    name: 'continued',
    workflow: 'parseRunByRun',
    args: (stage) => [[stage.source, stage.source], { ...settings(stage), deadline: '10h' }],
    also: ({ env, handle: { workflowId, firstExecutionRunId } }) => ({
      'first-run': env.client.workflow.getHandle(workflowId, firstExecutionRunId),
    }),
  },
  {
    name: 'reaped',
    workflow: 'reapOrphanedJobs',
    server: 'dev',
    faults: () => [{ job: 'stuck' }],
    async args(stage) {
      await leaveAnOrphan(stage);
      return [{ minimumAge: 0 }];
    },
  },
  {
    name: 'called',
    webhooks: true,
    faults: () => [{ job: 'stuck' }],
    act: finishAndCall,
    also: ({ env, vendor, sandbox }): Record<string, WorkflowHandle> => {
      const job = { provider: vendor.name, account: vendor.name, jobId: sandbox.ledger.jobs()[0]?.jobId ?? '' };
      return tellsOwner(vendor) ? {} : { mailbox: env.client.workflow.getHandle(mailboxWorkflowId(job)) };
    },
  },
  {
    name: 'forgotten',
    workflow: 'forgetDocument',
    server: 'dev',
    args: async (stage) => [{ workflowId: await processOne(stage) }],
  },
  {
    name: 'forget-refused',
    workflow: 'forgetDocument',
    server: 'dev',
    faults: () => [{ job: 'stuck' }],
    args: async (stage) => [{ workflowId: await startOne(stage) }],
  },
];

/** Whether the vendor's calls repeat whose job it is. */
const tellsOwner = ({ name }: Stage['vendor']): boolean => name === 'reducto';

/** The job ends while its workflow sleeps, and the vendor calls as its receiver would pass it on. */
async function finishAndCall({ env, vendor, sandbox, handle }: Life): Promise<void> {
  const isAsleep = async (): Promise<boolean> =>
    ((await handle.fetchHistory()).events ?? []).some((event) => event.timerStartedEventAttributes != null);
  await waitUntil(isAsleep, 'the document sleeps');
  const job = { provider: vendor.name, account: vendor.name, jobId: sandbox.ledger.jobs()[0]?.jobId ?? '' };
  await sandbox.jobs.finish(job.jobId);
  if (tellsOwner(vendor)) await handle.signal(WEBHOOK_SIGNAL, job);
  else await env.client.workflow.getHandle(mailboxWorkflowId(job)).signal(WEBHOOK_SIGNAL, job);
}

/** A document that runs. @returns its workflow id. */
async function startOne({ vendor, source, start }: Stage): Promise<string> {
  const input = { source, provider: vendor.name, polling: { expected: '1h' } };
  return (await start('processDocument', `${vendor.name}-running`, [input])).workflowId;
}

/** A document that has ended. @returns its workflow id. */
async function processOne({ vendor, source, start }: Stage): Promise<string> {
  const input = { source, provider: vendor.name, polling: { expected: '1s' }, schema: lenient };
  const handle = await start('processDocument', `${vendor.name}-to-forget`, [input]);
  await handle.result();
  return handle.workflowId;
}

async function forgetTheSecond({ sandbox, ended }: Life): Promise<void> {
  const held = sandbox.faults.hold({ on: 'submit', operation: 'extract' });
  void ended();
  await held.reached;
  sandbox.jobs.vanish(sandbox.ledger.accepted('parse')[1]?.jobId ?? '');
  held.release();
}

/** A document that was terminated while its job ran. */
async function leaveAnOrphan({ env, vendor, source, start }: Stage): Promise<void> {
  const input = { source, provider: vendor.name, polling: { expected: '1h' } };
  const handle = await start('processDocument', `${vendor.name}-orphaned`, [input]);
  await waitUntil(async () => {
    const { events } = await handle.fetchHistory();
    return events?.some((event) => event.timerStartedEventAttributes != null) ?? false;
  }, 'the workflow sleeps');
  await handle.terminate('recorded');
  const query = `WorkflowId = '${handle.workflowId}' AND ExecutionStatus = 'Terminated'`;
  await waitUntil(async () => (await env.client.workflow.count(query)).count > 0, 'visibility shows it');
}
