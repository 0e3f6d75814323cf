import { startDocument } from '../client/start-document.js';
import type { ProcessDocumentInput } from '../jobs/process-document.js';
import type { ResultStore } from '../results/result-store.js';
import type { Session, TemporalFlags } from './connect.js';
import type { DocumentLabel } from './events.js';
import { EXIT, exitOf, type ExitCode, worstExit } from './exit-codes.js';
import { followCommandText } from './follow-command.js';
import { followToEnd, requestCancel } from './follow-to-end.js';
import { onInterrupt } from './interrupt.js';
import type { View } from './view.js';
import { writeResults } from './write-results.js';

/** One document to process. */
export interface DocumentTask extends DocumentLabel {
  /** Stem of its files in `--out`. */
  name: string;
  input: ProcessDocumentInput;
}

export interface ProcessContext {
  session: Session;
  view: View;
  flags: TemporalFlags & { force?: true };
  taskQueue: string;
  workflowType?: string;
  /** Where whole results are written; none = nowhere. */
  out?: string;
  store: ResultStore;
  /** Only start the documents. */
  detach: boolean;
}

const AT_ONCE = 4;

/**
 * Starts the documents, a few at a time, and follows each to its end.
 * @returns the worst exit code, and the documents that were left running.
 */
export async function processDocuments(
  context: ProcessContext,
  tasks: readonly DocumentTask[],
): Promise<{ exitCode: ExitCode; left: DocumentTask[] }> {
  const { session, view, flags } = context;
  const running = new Set<DocumentTask>();
  const left: DocumentTask[] = [];
  const leaving = new AbortController();
  let stopping = false;
  const dispose = onInterrupt({
    first() {
      stopping = true;
      view.note('Cancelling, waiting for the receipts. Ctrl-C again to leave now.');
      for (const task of running) void requestCancel(session, view, task);
    },
    second: () => leaving.abort(),
  });

  const one = async (task: DocumentTask): Promise<ExitCode> => {
    if (stopping) return EXIT.cancelled;
    const started = await startDocument(session.client, task.input, {
      workflowId: task.workflowId,
      taskQueue: context.taskQueue,
      ...(context.workflowType === undefined ? {} : { workflowType: context.workflowType }),
      rerun: flags.force === true,
    });
    view.started(task, started);
    if (context.detach) {
      left.push(task);
      view.note(`follow it with: ${followCommandText(flags, task.workflowId)}`);
      return EXIT.done;
    }
    running.add(task);
    // Asked to stop while the start was under way.
    if (stopping) void requestCancel(session, view, task);
    const end = await followToEnd(session, view, task, leaving.signal, async (ended) =>
      context.out !== undefined && ended.kind === 'result'
        ? writeResults(context.out, task.name, ended.result, context.store)
        : [],
    );
    running.delete(task);
    if (end !== null) return exitOf(end);
    left.push(task);
    view.note(`left ${task.label}; follow it with: ${followCommandText(flags, task.workflowId)}`);
    return EXIT.cancelled;
  };

  try {
    return { exitCode: worstExit(await inTurn(tasks, AT_ONCE, one)), left };
  } finally {
    dispose();
  }
}

/** Runs all, at most so many at once; the first error is thrown after the others have ended. */
async function inTurn<T, R>(items: readonly T[], atOnce: number, run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await run(item);
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  const failed = lanes.find((settled) => settled.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results;
}
