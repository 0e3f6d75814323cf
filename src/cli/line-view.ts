import type { DocumentEnd } from '../client/document-end.js';
import { endText, startedText, unansweredText } from './document-text.js';
import { epilogueText } from './epilogue-text.js';
import { type DocumentLabel, factsOfLine, factsOfReceipt, type JobEvent, jobChanges } from './events.js';
import { perDocument } from './per-document.js';
import { receiptOf } from './receipt-of.js';
import type { View } from './view.js';

/** For a log or a pipe: one line a change, then what came out of it. */
export function lineView(out: (text: string) => void): View {
  const changesOf = perDocument(({ workflowId }) => jobChanges(workflowId));
  // Their jobs ran in an earlier command: nothing of them happens now.
  const earlier = new Set<DocumentLabel>();
  const ends = new Map<DocumentLabel, DocumentEnd>();
  const line = (text: string): void => out(`${text}\n`);
  return {
    started(document, started) {
      if (started.existing === 'completed') earlier.add(document);
      line(startedText(document, started));
    },
    update(document, update) {
      if (update.kind === 'unanswered') return line(unansweredText(document.workflowId, update.taskQueue));
      const receipt = update.kind === 'status' ? null : receiptOf(update);
      const jobs = update.kind === 'status' ? update.status.jobs.map(factsOfLine) : factsOfReceipt(receipt);
      const changes = earlier.has(document) ? [] : changesOf(document)(jobs);
      for (const change of changes) line(`${document.label}: ${jobText(change)}`);
      if (update.kind === 'status') return;
      ends.set(document, update);
      line(endText(document, update));
    },
    ended(document, epilogue) {
      const end = ends.get(document);
      if (end !== undefined) out(epilogueText(document, end, epilogue));
    },
    note: line,
    close: () => undefined,
  };
}

function jobText({ operation, section, jobId, status, vendorStatus, trouble }: JobEvent): string {
  const what = section === undefined ? operation : `${operation} (${section})`;
  const vendor = vendorStatus === null ? '' : `, vendor says ${vendorStatus}`;
  return `${what} ${status}, job ${jobId}${vendor}${trouble === null ? '' : `; ${trouble}`}`;
}
