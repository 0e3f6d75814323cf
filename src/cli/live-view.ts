import type { DocumentEnd } from '../client/document-end.js';
import type { DocumentUpdate } from '../client/follow-document.js';
import { formatDuration } from '../jobs/duration.js';
import type { JobStatusLine } from '../jobs/types.js';
import { endText, startedText, unansweredText } from './document-text.js';
import { epilogueText } from './epilogue-text.js';
import type { DocumentLabel } from './events.js';
import { receiptOf } from './receipt-of.js';
import type { View } from './view.js';

const REDRAW_MS = 250;

/** What the live view knows of one document. */
export interface LiveDocument {
  document: DocumentLabel;
  headline: string;
  jobs: readonly JobStatusLine[];
  end: DocumentEnd | null;
}

/** For a terminal: a block a document, drawn over itself; what is final is printed above it and stays. */
export function liveView({
  out,
  color,
  width,
}: {
  out: (text: string) => void;
  color: boolean;
  width: () => number;
}): View {
  const live = new Map<DocumentLabel, LiveDocument>();
  let drawn = 0;
  const erase = (): void => {
    if (drawn > 0) out(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    erase();
    const lines = [...live.values()].flatMap((one) => liveLines(one, Date.now(), width(), color));
    out(lines.map((line) => `${line}\n`).join(''));
    drawn = lines.length;
  };
  const above = (text: string): void => {
    erase();
    out(text);
    draw();
  };
  const timer = setInterval(draw, REDRAW_MS);
  return {
    started(document, started) {
      live.set(document, { document, headline: startedText(document, started), jobs: [], end: null });
      draw();
    },
    update(document, update) {
      const fresh = { document, headline: `${document.label}: following`, jobs: [], end: null };
      live.set(document, changed(live.get(document) ?? fresh, update));
      draw();
    },
    ended(document, epilogue) {
      const one = live.get(document);
      live.delete(document);
      if (one?.end == null) return;
      const last = liveLines(one, Date.now(), Infinity, color).map((line) => `${line}\n`);
      above(last.join('') + epilogueText(document, one.end, epilogue));
    },
    note: (text) => above(`${text}\n`),
    close() {
      clearInterval(timer);
      draw();
    },
  };
}

function changed(one: LiveDocument, update: DocumentUpdate): LiveDocument {
  if (update.kind === 'status') return { ...one, jobs: update.status.jobs };
  if (update.kind === 'unanswered') {
    return { ...one, headline: unansweredText(one.document.workflowId, update.taskQueue) };
  }
  const jobs = one.jobs.map((job) => withOutcome(job, update));
  return { ...one, headline: endText(one.document, update), jobs, end: update };
}

/** The last status may be older than the end: the receipt has the last word. */
function withOutcome(job: JobStatusLine, end: DocumentEnd): JobStatusLine {
  const paid = receiptOf(end)?.jobs.find(({ jobId }) => jobId === job.jobId);
  if (paid === undefined) return job;
  return {
    ...job,
    stage: 'ended',
    outcome: paid.outcome,
    vendorStatus: paid.vendorStatus,
    nextReadAt: null,
    trouble: null,
  };
}

/** The lines of one document, none wider than the terminal: a wrapped line would break the drawing over it. */
export function liveLines(one: LiveDocument, now: number, width: number, color: boolean): string[] {
  const jobs = one.jobs.map((job) => {
    const name = job.section === undefined ? job.operation : `${job.operation} (${job.section})`;
    const vendor = job.vendorStatus === null ? '' : `vendor: ${job.vendorStatus}`;
    const progress = job.progress === null || job.outcome !== null ? '' : `progress ${job.progress}`;
    const words = [sinceText(job, now), vendor, progress, nextText(job, now), job.trouble ?? '', job.jobId ?? ''];
    const text =
      `  ${mark(job)} ${name.padEnd(10)} ${stageText(job).padEnd(11)} ${words.filter(Boolean).join(' · ')}`.trimEnd();
    return paint(clip(text, width), job, color);
  });
  return [clip(one.headline, width), ...jobs];
}

const mark = ({ outcome }: JobStatusLine): string =>
  outcome === null ? '…' : outcome.startsWith('completed') ? '✓' : '✗';

function stageText({ stage, outcome }: JobStatusLine): string {
  return outcome ?? (stage === 'polling' ? 'waiting' : stage);
}

function sinceText({ submittedAt, outcome }: JobStatusLine, now: number): string {
  return submittedAt === null || outcome !== null ? '' : formatDuration(Math.max(0, now - Date.parse(submittedAt)));
}

function nextText({ stage, nextReadAt }: JobStatusLine, now: number): string {
  if (stage === 'polling') return 'asking the vendor';
  return nextReadAt === null ? '' : `next look in ${formatDuration(Math.max(0, Date.parse(nextReadAt) - now))}`;
}

function paint(text: string, { outcome }: JobStatusLine, color: boolean): string {
  if (!color || outcome === null) return text;
  return `\u001b[${outcome.startsWith('completed') ? 32 : 31}m${text}\u001b[0m`;
}

const clip = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
