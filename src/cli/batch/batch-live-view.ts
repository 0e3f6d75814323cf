import { unansweredText } from '../document-text.js';
import { batchLines, type LiveBatch } from './batch-lines.js';
import { batchEndText, troubleText } from './batch-text.js';
import type { BatchLabel, BatchView } from './batch-view.js';
import { createPace } from './progress.js';
import { forecastText, startedBatchText } from './started-text.js';

const REDRAW_MS = 500;

/** For a terminal: a block that is drawn over itself; what is final is printed above it and stays. */
export function batchLiveView(
  batch: BatchLabel,
  { out, color, width }: { out: (text: string) => void; color: boolean; width: () => number },
): BatchView {
  const pace = createPace();
  let live: LiveBatch | null = null;
  let vendor: string | null = null;
  let drawn = 0;
  const erase = (): void => {
    if (drawn > 0) out(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    erase();
    if (live === null) return;
    const lines = batchLines(live, Date.now(), width(), color);
    out(lines.map((line) => `${line}\n`).join(''));
    drawn = lines.length;
  };
  const above = (text: string): void => {
    erase();
    out(text);
    draw();
  };
  const show = (change: Partial<LiveBatch>): void => {
    const fresh: LiveBatch = {
      headline: batch.workflowId,
      status: null,
      pace: { perMinute: null, etaMs: null },
      trouble: [],
    };
    live = { ...(live ?? fresh), ...change };
    draw();
  };
  const timer = setInterval(draw, REDRAW_MS);
  return {
    started(existing, forecast) {
      above(
        `${startedBatchText(batch, existing)}\n${forecast !== null && existing === 'no' ? forecastText(forecast) : ''}`,
      );
      show({});
    },
    update(update) {
      if (update.kind === 'unanswered') return show({ trouble: [unansweredText(batch.workflowId, update.taskQueue)] });
      const { status } = update;
      const trouble = [troubleText(status, batch.command), vendor].filter((text) => text !== null);
      show({ status, pace: pace(status, Date.now()), trouble });
    },
    trouble(text) {
      vendor = text;
    },
    ended(end, lines) {
      const status = end.kind === 'result' ? end.result : end.status;
      const shown = live;
      live = null;
      const last =
        shown === null
          ? []
          : batchLines({ ...shown, status: status ?? shown.status, trouble: [] }, Date.now(), Infinity, color);
      above([...last.slice(1), batchEndText(batch.workflowId, end), ...lines, ''].join('\n'));
    },
    note: (text) => above(`${text}\n`),
    close() {
      clearInterval(timer);
      draw();
    },
  };
}
