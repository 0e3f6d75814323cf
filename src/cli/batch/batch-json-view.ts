import type { BatchEnd } from '../../client/batch/batch-end.js';
import { unansweredText } from '../document-text.js';
import type { BatchLabel, BatchView } from './batch-view.js';
import { createPace } from './progress.js';

/** One JSON object a line on stdout; what is no event goes to stderr. */
export function batchJsonView(batch: BatchLabel, out: (text: string) => void, err: (text: string) => void): BatchView {
  const { workflowId, label, sandbox } = batch;
  const print = (event: object): void => out(`${JSON.stringify(event)}\n`);
  const pace = createPace();
  let before: string | null = null;
  return {
    started: (existing, forecast) =>
      print({
        event: 'started',
        workflowId,
        source: label,
        existing,
        sandbox,
        ...(forecast === null ? {} : { forecast }),
      }),
    update(update) {
      if (update.kind === 'unanswered') return err(`${unansweredText(workflowId, update.taskQueue)}\n`);
      print({ event: 'progress', workflowId, status: update.status, ...pace(update.status, Date.now()) });
    },
    trouble(text) {
      if (text !== before) print({ event: 'trouble', workflowId, trouble: text });
      before = text;
    },
    ended: (end) => print(batchEndEvent(workflowId, end)),
    note: (text) => err(`${text}\n`),
    close: () => undefined,
  };
}

/** The last line of `--json` for a batch. */
export function batchEndEvent(workflowId: string, end: BatchEnd): object {
  if (end.kind === 'result') return { event: 'result', workflowId, result: end.result };
  if (end.kind === 'failed') return { event: 'failed', workflowId, failure: end.failure, status: end.status };
  return { event: 'cancelled', workflowId, receipt: end.status };
}
