import type { DocumentUpdate } from '../client/follow-document.js';
import type { HistoryCost } from '../client/history-cost.js';
import type { StartedDocument } from '../client/start-document.js';
import type { DocumentLabel } from './events.js';
import { jsonView } from './json-view.js';
import { lineView } from './line-view.js';
import { liveView } from './live-view.js';

/** What is known when a document has ended, beside its end. */
export interface Epilogue {
  /** Null when its history can't be read. */
  cost: HistoryCost | null;
  /** Files written for `--out`. */
  files: string[];
}

/** Shows what happens to documents. */
export interface View {
  started(document: DocumentLabel, started: StartedDocument): void;
  /** Any update of the follow, its end included. */
  update(document: DocumentLabel, update: DocumentUpdate): void;
  /** After the document's end. */
  ended(document: DocumentLabel, epilogue: Epilogue): void;
  /** Something to know that is no event. */
  note(text: string): void;
  close(): void;
}

/** `--json` → events; a terminal → live view; else one line a change. */
export function chooseView({ json }: { json?: true }): View {
  const out = (text: string): void => void process.stdout.write(text);
  const err = (text: string): void => void process.stderr.write(text);
  if (json) return jsonView(out, err);
  if (process.stdout.isTTY) {
    const color = (process.env.NO_COLOR ?? '') === '';
    return liveView({ out, color, width: () => process.stdout.columns || 80 });
  }
  return lineView(out);
}
