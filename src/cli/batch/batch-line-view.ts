import { unansweredText } from '../document-text.js';
import { batchEndText, errorsText, statusText, troubleText } from './batch-text.js';
import type { BatchLabel, BatchView } from './batch-view.js';
import { plainText } from './plain-text.js';
import { createPace } from './progress.js';
import { forecastText, startedBatchText } from './started-text.js';

const GAP_MS = 5_000;

/** For a log or a pipe: one line a change, at most each 5 s, then how it ended. */
export function batchLineView(batch: BatchLabel, out: (text: string) => void, now: () => number = Date.now): BatchView {
  const line = (text: string): void => out(`${text}\n`);
  const pace = createPace();
  let last = { at: -Infinity, text: '' };
  let said: string | null = null;
  const say = (text: string | null): void => {
    if (text !== null && text !== said) line(`${batch.workflowId}: ${plainText(text)}`);
    said = text;
  };
  return {
    started(existing, forecast) {
      line(startedBatchText(batch, existing));
      if (forecast !== null && existing === 'no') out(forecastText(forecast));
    },
    update(update) {
      if (update.kind === 'unanswered') return line(unansweredText(batch.workflowId, update.taskQueue));
      const { status } = update;
      const speed = pace(status, now());
      say(troubleText(status, batch.command));
      // Without the pace: that it becomes a little faster is no change.
      const text = statusText(status, { perMinute: null, etaMs: null });
      if (text === last.text || now() - last.at < GAP_MS) return;
      last = { at: now(), text };
      const errors = errorsText(status);
      line(`${batch.workflowId}: ${statusText(status, speed)}${errors === '' ? '' : `; ${errors}`}`);
    },
    trouble(text) {
      if (text !== null) line(`${batch.workflowId}: ${plainText(text)}`);
    },
    ended(end, lines) {
      line(batchEndText(batch.workflowId, end));
      out(lines.join('\n') + (lines.length === 0 ? '' : '\n'));
    },
    note: line,
    close: () => undefined,
  };
}
