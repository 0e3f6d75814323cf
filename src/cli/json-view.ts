import { type DocumentLabel, endEvent, factsOfLine, factsOfReceipt, jobChanges, startedEvent } from './events.js';
import { unansweredText } from './document-text.js';
import { perDocument } from './per-document.js';
import { receiptOf } from './receipt-of.js';
import type { View } from './view.js';

/** One JSON object a line on stdout; what is no event goes to stderr. */
export function jsonView(out: (text: string) => void, err: (text: string) => void): View {
  const print = (event: object): void => out(`${JSON.stringify(event)}\n`);
  const changesOf = perDocument(({ workflowId }) => jobChanges(workflowId));
  // Their jobs ran in an earlier command: nothing of them happens now.
  const earlier = new Set<DocumentLabel>();
  return {
    started(document, started) {
      if (started.existing === 'completed') earlier.add(document);
      print(startedEvent(document, started));
    },
    update(document, update) {
      const { workflowId } = document;
      if (update.kind === 'unanswered') return err(`${unansweredText(workflowId, update.taskQueue)}\n`);
      const receipt = update.kind === 'status' ? null : receiptOf(update);
      const jobs = update.kind === 'status' ? update.status.jobs.map(factsOfLine) : factsOfReceipt(receipt);
      if (!earlier.has(document)) changesOf(document)(jobs).forEach(print);
      if (update.kind !== 'status') print(endEvent(workflowId, update));
    },
    ended: () => undefined,
    note: (text) => err(`${text}\n`),
    close: () => undefined,
  };
}
