import { WORKFLOW } from '../../src/jobs/names.js';

/** What one schema file describes. */
export interface Contract {
  /** What the file is called, without its ending. */
  name: string;
  description: string;
  /** From property of the file's root to the exported type that it has, and the file of that type. */
  parts: Readonly<Record<string, readonly [type: string, file: string]>>;
}

const JOBS = 'src/jobs';

/** The workflows that are started from outside. `input` is the workflow's only argument. */
export const CONTRACTS: readonly Contract[] = [
  {
    name: WORKFLOW.processDocument,
    description:
      'The workflow processDocument: one document is parsed, then split and extracted. `status`: the answer of the query documentJobsStatus.',
    parts: {
      input: ['ProcessDocumentInput', `${JOBS}/process-document.ts`],
      result: ['ProcessDocumentResult', `${JOBS}/process-document.ts`],
      status: ['DocumentJobsStatus', `${JOBS}/types.ts`],
    },
  },
  {
    name: WORKFLOW.processBatch,
    description:
      'The workflow processBatch: the documents of a manifest. `result` is the answer of the query documentBatchStatus and of the update changeDocumentBatch too, `change` the argument of that update.',
    parts: {
      input: ['ProcessBatchInput', `${JOBS}/batch.ts`],
      result: ['BatchStatus', `${JOBS}/batch.ts`],
      change: ['BatchChange', `${JOBS}/batch.ts`],
    },
  },
  {
    name: WORKFLOW.reapOrphanedJobs,
    description: 'The workflow reapOrphanedJobs: finds jobs that no living workflow waits for, and cancels them.',
    parts: { input: ['ReapInput', `${JOBS}/reap.ts`], result: ['ReapReport', `${JOBS}/reap.ts`] },
  },
  {
    name: WORKFLOW.forgetDocument,
    description: 'The workflow forgetDocument: erases what a document has left at vendors and in the result store.',
    parts: { input: ['ForgetInput', `${JOBS}/forget.ts`], result: ['ForgetReport', `${JOBS}/forget.ts`] },
  },
  {
    name: 'failures',
    description: 'From the `type` of an ApplicationFailure to its first detail.',
    parts: { details: ['FailureDetails', `${JOBS}/failures.ts`] },
  },
];
