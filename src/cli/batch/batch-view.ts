import type { BatchEnd } from '../../client/batch/batch-end.js';
import type { BatchUpdate } from '../../client/batch/follow-batch.js';
import type { BatchForecast } from '../../jobs/batch-forecast.js';
import { batchJsonView } from './batch-json-view.js';
import { batchLineView } from './batch-line-view.js';
import { batchLiveView } from './batch-live-view.js';

/** A batch on the command line, as views show it. */
export interface BatchLabel {
  workflowId: string;
  /** What lists its documents. */
  label: string;
  /** True when the sandbox and no vendor does the work. */
  sandbox: boolean;
  /** A command for this batch: `pause` → `docjobs batch pause ID …`. */
  command: (words: string[]) => string;
}

/** Shows what happens to a batch. */
export interface BatchView {
  started(existing: 'no' | 'running' | 'completed', forecast: BatchForecast | null): void;
  update(update: Exclude<BatchUpdate, BatchEnd>): void;
  /** What the documents of the batch wait for; null when nothing is wrong. */
  trouble(text: string | null): void;
  /** @param lines what there is to know beside the end itself: forecast and actual, files, commands. */
  ended(end: BatchEnd, lines: readonly string[]): void;
  /** Something to know that is no event. */
  note(text: string): void;
  close(): void;
}

/** `--json` → events; a terminal → live view; else a line a change, every 5 s at most. */
export function chooseBatchView(batch: BatchLabel, { json }: { json?: true }): BatchView {
  const out = (text: string): void => void process.stdout.write(text);
  const err = (text: string): void => void process.stderr.write(text);
  if (json) return batchJsonView(batch, out, err);
  if (!process.stdout.isTTY) return batchLineView(batch, out);
  const color = (process.env.NO_COLOR ?? '') === '';
  return batchLiveView(batch, { out, color, width: () => process.stdout.columns || 80 });
}
