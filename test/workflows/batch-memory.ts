import { createHash, randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import {
  BATCH_PAGE,
  type BatchActivities,
  type PlanBatchInput,
  type PlanBatchOutput,
  type RecordBatchInput,
} from '../../src/jobs/batch-activities.js';
import { type BatchDocument, type BatchDocumentEnd, type BatchRow, type BatchSelection } from '../../src/jobs/batch.js';
import { RECEIPT_MEMO } from '../../src/jobs/names.js';
import type { Receipt } from '../../src/jobs/types.js';

export type Listed = Omit<BatchDocument, 'index' | 'workflowId'>;

/** The activities of batches, with plans and records held in memory. */
export interface BatchMemory {
  activities: BatchActivities;
  /** The last row of each id, in the order of the manifest. */
  rows: (batchId: string) => BatchRow[];
  /** Segments in the order in which they were written. */
  segments: (batchId: string) => RecordBatchInput[];
  /** How often each activity was called. */
  calls: Record<keyof BatchActivities, number>;
  /** Called before each write; may refuse it. */
  onRecord: (input: RecordBatchInput) => void;
}

/** @param lists by the name that a manifest of kind `source` gives. */
export function createBatchMemory(client: Client, lists: Record<string, Listed[]>): BatchMemory {
  const plans = new Map<string, { by: string; documents: BatchDocument[]; output: PlanBatchOutput }[]>();
  const written = new Map<string, RecordBatchInput>();
  // Several of these share a server.
  const own = randomUUID();
  const calls = { planDocumentBatch: 0, readDocumentBatchPage: 0, recordDocumentBatch: 0, awaitBatchDocuments: 0 };
  const segments = (batchId: string): RecordBatchInput[] =>
    [...written.values()].filter((one) => one.batchId === batchId);
  const rows = (batchId: string): BatchRow[] => {
    const last = new Map(segments(batchId).flatMap((one) => one.rows.map((row) => [row.id, row] as const)));
    return [...last.values()].sort((a, b) => a.index - b.index);
  };
  const redriven = (batchId: string, select: BatchSelection): BatchDocument[] => {
    const recorded = new Map(rows(batchId).map((row) => [row.id, row]));
    return (plans.get(batchId)?.[0]?.documents ?? []).flatMap((document) => {
      const { state = 'not_started', error, parsed } = recorded.get(document.id) ?? {};
      const { states, errors, ids } = select;
      const isAny = states === undefined && errors === undefined && ids === undefined;
      if (isAny ? state === 'done' : states?.includes(state) === false) return [];
      if (errors?.includes(error?.type ?? '') === false || ids?.includes(document.id) === false) return [];
      return [{ ...document, ...(parsed && { parsed }) }];
    });
  };
  const memory: BatchMemory = {
    calls,
    rows,
    segments,
    onRecord: () => undefined,
    activities: {
      async planDocumentBatch({ batchId, manifest, request, force, redrive, firstExecutionRunId }: PlanBatchInput) {
        calls.planDocumentBatch++;
        const drives = plans.get(batchId) ?? [];
        const planned = drives.find(({ by }) => by === firstExecutionRunId);
        if (planned !== undefined) return planned.output;
        const name = manifest.kind === 'source' ? manifest.name : '';
        const listed = lists[name];
        if (listed === undefined) throw ApplicationFailure.nonRetryable(`no list ${name}`, 'NoSuchList');
        const idOf = (id: string): string =>
          createHash('sha256')
            .update(JSON.stringify([own, id, request, force]))
            .digest('hex')
            .slice(0, 40);
        const documents =
          redrive === undefined
            ? listed.map((one, index) => ({ ...one, index, workflowId: `document-${idOf(one.id)}` }))
            : redriven(batchId, redrive.select);
        const planPages = Math.ceil(documents.length / BATCH_PAGE);
        const written = segments(batchId).filter(({ drive }) => drive === drives.length).length;
        const output = {
          drive: drives.length,
          documents: documents.length,
          planPages,
          unusableRows: 0,
          segments: written,
        };
        plans.set(batchId, [...drives, { by: firstExecutionRunId, documents, output }]);
        return output;
      },
      async readDocumentBatchPage({ batchId, drive, page }) {
        calls.readDocumentBatchPage++;
        const documents = plans.get(batchId)?.[drive]?.documents ?? [];
        return { documents: documents.slice(page * BATCH_PAGE, (page + 1) * BATCH_PAGE) };
      },
      async recordDocumentBatch(input) {
        calls.recordDocumentBatch++;
        memory.onRecord(input);
        const key = `${input.batchId} ${input.drive} ${input.segment}`;
        if (!written.has(key)) written.set(key, input);
        return { segment: input.segment };
      },
      async awaitBatchDocuments({ workflowIds, patienceMs }) {
        calls.awaitBatchDocuments++;
        const until = Date.now() + patienceMs;
        for (;;) {
          const ended: { workflowId: string; end: BatchDocumentEnd }[] = [];
          for (const workflowId of workflowIds) {
            const end = await endOf(client, workflowId);
            if (end !== null) ended.push({ workflowId, end });
          }
          if (ended.length > 0 || Date.now() > until) return { ended };
          Context.current().heartbeat();
          await Context.current().sleep(100);
        }
      },
    },
  };
  return memory;
}

async function endOf(client: Client, workflowId: string): Promise<BatchDocumentEnd | null> {
  const handle = client.workflow.getHandle(workflowId);
  const { status, startTime, closeTime, memo } = await handle.describe();
  if (status.name === 'RUNNING') return null;
  const times = { startedAt: startTime.toISOString(), endedAt: (closeTime ?? startTime).toISOString() };
  const nothing = { jobs: [], pages: null, credits: null, ...times };
  try {
    return (await handle.result()) as BatchDocumentEnd;
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    const end = cause instanceof ApplicationFailure ? (cause.details?.[1] as BatchDocumentEnd | undefined) : undefined;
    if (end !== undefined) return end;
    if (status.name !== 'CANCELLED') {
      const type = status.name === 'TERMINATED' ? 'WorkflowTerminated' : 'WorkflowTimedOut';
      return { state: 'failed', error: { type, reason: status.name }, ...nothing };
    }
    const { jobs = [], pages = null, credits = null } = (memo?.[RECEIPT_MEMO] ?? {}) as Partial<Receipt>;
    return { state: 'cancelled', ...nothing, jobs, pages, credits };
  }
}
