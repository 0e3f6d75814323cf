import { randomUUID } from 'node:crypto';
import type { WorkflowHandleWithFirstExecutionRunId, WorkflowStartOptions } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { inject } from 'vitest';
import type { BatchRow, BatchStatus, ProcessBatchInput } from '../../src/jobs/batch.js';
import type { DocumentActivities } from '../../src/jobs/activities.js';
import { BATCH_STATUS_QUERY, WEBHOOK_SIGNAL, WORKFLOW } from '../../src/jobs/names.js';
import { failure, type MockAnswers, mockDocumentActivities } from '../../src/testing/index.js';
import { waitUntil } from '../support/wait-until.js';
import { type BatchMemory, createBatchMemory, type Listed } from './batch-memory.js';

/** Batches over a vendor in memory, on a Temporal server. What a document does is told by a word in its source: `fail`, `hold`. */
export interface BatchStand {
  memory: BatchMemory;
  taskQueue: string;
  start: (
    input: Omit<ProcessBatchInput, 'manifest'> & { list: string },
    options?: Partial<WorkflowStartOptions>,
  ) => Promise<WorkflowHandleWithFirstExecutionRunId>;
  status: (handle: { workflowId: string }) => Promise<BatchStatus>;
  /** Waits until the batch says so. */
  until: (
    handle: { workflowId: string },
    what: string,
    holds: (status: BatchStatus) => boolean,
  ) => Promise<BatchStatus>;
  /** Lets a document that is held come to its end, once it is under way. */
  release: (workflowId: string) => Promise<void>;
  rows: (handle: { workflowId: string }) => BatchRow[];
  /** Sources in the order in which their jobs were submitted. */
  submitted: string[];
  /** Jobs that run now, and at most so far. */
  running: { now: number; most: number };
  /** Vendor cancels. */
  cancelled: string[];
  restart: (options?: Partial<WorkerOptions>) => Promise<void>;
  close: () => Promise<void>;
}

export interface StandOptions {
  lists: Record<string, Listed[]>;
  /** How long a document's job takes, ms, by its source. */
  jobMs?: number | ((source: string) => number);
  answers?: MockAnswers;
  worker?: Partial<WorkerOptions>;
}

const HELD_MS = 3_600_000;

/** @param make what is said of each beside its id. */
export function listed(count: number, make: (index: number) => Partial<Listed> = () => ({})): Listed[] {
  return Array.from({ length: count }, (_none, index) => {
    const id = `d${String(index).padStart(4, '0')}`;
    return { id, source: `https://example.test/${id}.pdf`, ...make(index) };
  });
}

export async function createBatchStand(env: TestWorkflowEnvironment, options: StandOptions): Promise<BatchStand> {
  const { lists, jobMs = 100, answers } = options;
  const taskQueue = `batch-${randomUUID()}`;
  const memory = createBatchMemory(env.client, lists);
  const [submitted, cancelled]: [string[], string[]] = [[], []];
  const running = { now: 0, most: 0 };
  const took = (source: string): number => (typeof jobMs === 'number' ? jobMs : jobMs(source));
  const parse: MockAnswers['parse'] = ({ input }) =>
    String(input).includes('fail')
      ? failure('DocumentJobFailed', { code: 'DOCUMENT_CORRUPT', reason: 'no page tree' })
      : { pageCount: 2 };
  const mock = mockDocumentActivities({ parse, ...answers });
  const jobs = new Map<string, string>();
  const activities: DocumentActivities = {
    ...mock,
    async submitDocumentJob(input) {
      const output = await mock.submitDocumentJob(input);
      const { origin } = input.marker;
      submitted.push(origin);
      running.most = Math.max(running.most, ++running.now);
      if (output.outcome !== 'accepted') return output;
      jobs.set(origin, output.jobId);
      return { ...output, expectedMs: origin.includes('hold') ? HELD_MS : took(origin) };
    },
    async pollDocumentJob(input) {
      const output = await mock.pollDocumentJob(input);
      running.now--;
      return output;
    },
    async cancelDocumentJob(input) {
      cancelled.push(input.job.jobId);
      running.now--;
      return mock.cancelDocumentJob(input);
    },
  };
  const startWorker = async (more: Partial<WorkerOptions> = {}) => {
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowBundle: { codePath: inject('bundlePath') },
      activities: { ...activities, ...memory.activities },
      stickyQueueScheduleToStartTimeout: '2s',
      maxConcurrentActivityTaskExecutions: 400,
      ...options.worker,
      ...more,
    });
    const ended = worker.run();
    return async () => {
      worker.shutdown();
      await ended;
    };
  };
  let stop = await startWorker();
  const status: BatchStand['status'] = ({ workflowId }) =>
    env.client.workflow.getHandle(workflowId).query<BatchStatus>(BATCH_STATUS_QUERY);
  return {
    memory,
    taskQueue,
    submitted,
    cancelled,
    running,
    status,
    start({ list, ...input }, more = {}) {
      const asked: ProcessBatchInput = { manifest: { kind: 'source', name: list }, startsPerSecond: 1_000, ...input };
      const workflowId = `batch-${randomUUID()}`;
      return env.client.workflow.start(WORKFLOW.processBatch, { taskQueue, workflowId, ...more, args: [asked] });
    },
    async until(handle, what, holds) {
      let last: BatchStatus | undefined;
      await waitUntil(async () => holds((last = await status(handle))), what);
      return last as BatchStatus;
    },
    async release(workflowId) {
      const child = env.client.workflow.getHandle(workflowId);
      let jobId: string | undefined;
      await waitUntil(async () => {
        const { jobs: lines } = await child.query<{ jobs: { jobId: string | null; stage: string }[] }>(
          'documentJobsStatus',
        );
        jobId = lines.find(({ stage }) => stage === 'waiting')?.jobId ?? undefined;
        return jobId !== undefined;
      }, 'the document waits');
      await child.signal(WEBHOOK_SIGNAL, { jobId });
    },
    rows: ({ workflowId }) => memory.rows(workflowId),
    async restart(more) {
      await stop();
      stop = await startWorker(more);
    },
    close: () => stop(),
  };
}
