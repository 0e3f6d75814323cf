import type { DocumentEnd } from '../client/document-end.js';
import type { StartedDocument } from '../client/start-document.js';
import type { JobStatusLine, Operation, Outcome, Receipt } from '../jobs/types.js';

/** A document on the command line, as views show it. */
export interface DocumentLabel {
  workflowId: string;
  /** File name or URL without its query, which may hold a signature. */
  label: string;
  /** True when the sandbox and no vendor does the work. */
  sandbox: boolean;
}

/** First line of `--json` for a document. */
export interface StartedEvent {
  event: 'started';
  workflowId: string;
  source: string;
  existing: StartedDocument['existing'];
  sandbox: boolean;
}

/** `submitted`: the vendor accepted it · `waiting` · `cancelling` · then its outcome. */
export type JobWord = 'submitted' | 'waiting' | 'cancelling' | Outcome;

/** One change of one job. */
export interface JobEvent {
  event: 'job';
  workflowId: string;
  operation: Operation;
  section?: string;
  jobId: string;
  status: JobWord;
  vendorStatus: string | null;
  /** The vendor's figure, display only. */
  progress: number | null;
  /** What is wrong while waiting: the vendor is busy, away, refuses the key. */
  trouble: string | null;
}

export function startedEvent(document: DocumentLabel, started: StartedDocument): StartedEvent {
  const { workflowId, label, sandbox } = document;
  return { event: 'started', workflowId, source: label, existing: started.existing, sandbox };
}

/** The last line of `--json` for a document. */
export function endEvent(workflowId: string, end: DocumentEnd): object {
  if (end.kind === 'result') return { event: 'result', workflowId, result: end.result };
  if (end.kind === 'failed') return { event: 'failed', workflowId, failure: end.failure };
  return { event: 'cancelled', workflowId, receipt: end.receipt };
}

/** What is known of a job, from the status query or, after its end, from the receipt. */
export type JobFacts = Pick<
  JobStatusLine,
  'operation' | 'section' | 'jobId' | 'vendorStatus' | 'progress' | 'trouble'
> & {
  word: JobWord;
};

export function factsOfLine(line: JobStatusLine): JobFacts {
  const { operation, section, jobId, vendorStatus, progress, trouble } = line;
  const word = line.outcome ?? (line.stage === 'cancelling' ? 'cancelling' : 'waiting');
  return { operation, ...(section === undefined ? {} : { section }), jobId, vendorStatus, progress, trouble, word };
}

export function factsOfReceipt(receipt: Receipt | null): JobFacts[] {
  return (receipt?.jobs ?? []).map(({ operation, section, jobId, vendorStatus, outcome }) => ({
    operation,
    ...(section === undefined ? {} : { section }),
    jobId,
    vendorStatus,
    progress: null,
    trouble: null,
    word: outcome,
  }));
}

/**
 * Turns what is known of a document's jobs, time after time, into one event a change. Each job begins with `submitted`, also when
 * it was first seen later in its life. Nothing is said before the vendor has accepted a job: until then there is none.
 */
export function jobChanges(workflowId: string): (jobs: readonly JobFacts[]) => JobEvent[] {
  const last = new Map<string, JobEvent>();
  return (jobs) =>
    jobs.flatMap(({ operation, section, jobId, word, vendorStatus, progress, trouble }) => {
      if (jobId === null) return [];
      const what = { operation, ...(section === undefined ? {} : { section }), jobId };
      const now: JobEvent = { event: 'job', workflowId, ...what, status: word, vendorStatus, progress, trouble };
      const before = last.get(jobId);
      if (before !== undefined && !isChange(before, now)) return [];
      last.set(jobId, now);
      return before === undefined ? [{ ...now, ...JUST_ACCEPTED }, now] : [now];
    });
}

const JUST_ACCEPTED = { status: 'submitted', vendorStatus: null, progress: null, trouble: null } as const;

/** A job ends once: the receipt repeats what the status query may have told already, with fewer facts. */
function isChange(before: JobEvent, now: JobEvent): boolean {
  if (hasEnded(before)) return false;
  return (['status', 'vendorStatus', 'progress', 'trouble'] as const).some((field) => before[field] !== now[field]);
}

const hasEnded = ({ status }: JobEvent): boolean => !['submitted', 'waiting', 'cancelling'].includes(status);
