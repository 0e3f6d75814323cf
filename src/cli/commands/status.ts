import { Command } from 'commander';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { documentEnd } from '../../client/document-end.js';
import { readStatus } from '../../client/read-status.js';
import type { DocumentJobsStatus } from '../../jobs/types.js';
import { ageText } from '../age-text.js';
import { batchStatusText } from '../batch/batch-status-text.js';
import { isBatch } from '../batch/is-batch.js';
import { openSession, type Session, type TemporalFlags } from '../connect.js';
import { describeDocument } from '../describe-document.js';
import { factsOfLine, factsOfReceipt, type JobFacts } from '../events.js';
import { jsonFlag, temporalFlags, withHelp } from '../flags.js';
import { receiptOf } from '../receipt-of.js';
import { table } from '../table.js';

export function statusCommand(): Command {
  const command = new Command('status')
    .summary('what a workflow does now')
    .description(
      'Prints the state of a workflow and of each of its jobs, once. Needs no worker for a workflow that has ended.',
    )
    .argument('<ID>', 'workflow id, of a document or a batch')
    .addOption(jsonFlag())
    .action(run);
  return withHelp(temporalFlags(command), { temporal: true });
}

async function run(workflowId: string, flags: TemporalFlags & { json?: true }): Promise<void> {
  const session = await openSession(flags, (text) => void process.stderr.write(`${text}\n`));
  try {
    const description = await describeDocument(session, workflowId);
    if (isBatch(description)) return void process.stdout.write(await batchStatusText(session, description, flags));
    const jobs = await readJobs(session, description);
    process.stdout.write(flags.json ? `${JSON.stringify(asJson(description, jobs))}\n` : asText(description, jobs));
  } finally {
    await session.close();
  }
}

/** Null when the workflow runs and no worker answers. */
async function readJobs(
  { client }: Session,
  { workflowId, status }: WorkflowExecutionDescription,
): Promise<JobFacts[] | null> {
  if (status.name !== 'RUNNING') return factsOfReceipt(receiptOf(await documentEnd(client, workflowId)));
  const answer: DocumentJobsStatus | null = await readStatus(client, workflowId);
  return answer === null ? null : answer.jobs.map(factsOfLine);
}

function asJson(description: WorkflowExecutionDescription, jobs: JobFacts[] | null): object {
  const { workflowId, type, status, startTime, closeTime, taskQueue } = description;
  return {
    workflowId,
    type,
    status: status.name.toLowerCase(),
    startedAt: startTime.toISOString(),
    endedAt: closeTime?.toISOString() ?? null,
    taskQueue,
    answered: jobs !== null,
    jobs: (jobs ?? []).map(({ word, ...job }) => ({ ...job, status: word })),
  };
}

function asText(description: WorkflowExecutionDescription, jobs: JobFacts[] | null): string {
  const { workflowId, type, status, startTime, closeTime, taskQueue } = description;
  const when = closeTime === undefined ? `for ${ageText(startTime)}` : `${ageText(closeTime)} ago`;
  const head = `${workflowId} (${type}): ${status.name.toLowerCase()} ${when}\n`;
  if (jobs === null) return `${head}No worker answers on task queue ${taskQueue}; its jobs are not known here.\n`;
  const rows = jobs.map(({ operation, section, jobId, word, vendorStatus }) => [
    section === undefined ? operation : `${operation} (${section})`,
    jobId ?? '–',
    word,
    vendorStatus ?? '–',
  ]);
  return rows.length === 0 ? head : head + table([['job', 'id', 'status', 'vendor says'], ...rows]);
}
