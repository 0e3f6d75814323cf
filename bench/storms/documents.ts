import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '@temporalio/client';
import { documentEnd, startDocument, type DocumentEnd } from '../../src/client/index.js';
import type { ProcessDocumentInput } from '../../src/jobs/process-document.js';
import type { Operation, Receipt } from '../../src/jobs/types.js';
import type { Random } from '../../test/support/random.js';
import type { Stage } from './stage.js';

/** A document that is asked for, and when. */
export interface Wanted {
  vendor: 'reducto' | 'pulse';
  operations: readonly Operation[];
  /** After the scenario's beginning, ms. */
  afterMs: number;
}

/** What became of it. */
export interface Ended extends Wanted {
  end: DocumentEnd | { kind: 'hung' };
  receipt: Receipt | null;
  /** When the workflow had ended, as its caller saw it, ms since the epoch. */
  at: number;
}

const MIX: readonly (readonly Operation[])[] = [
  ['parse'],
  ['parse', 'extract'],
  ['parse', 'split'],
  ['parse', 'extract', 'split'],
];
const SCHEMA = { type: 'object', properties: { invoice_number: { type: 'string' }, total: { type: 'number' } } };
const SECTIONS = [{ name: 'Invoice', description: 'invoice with line items and total' }];

/** Both vendors by turns with all operations by turns; half of them in the time before something happens, the others while it lasts. */
export function mixedDocuments(random: Random, count: number, beforeMs: number, duringMs: number): Wanted[] {
  return Array.from({ length: count }, (_, index) => ({
    vendor: index % 2 === 0 ? 'reducto' : 'pulse',
    operations: MIX[Math.floor(index / 2) % MIX.length] ?? [],
    afterMs: Math.round(index % 16 < 8 ? random.next() * beforeMs : beforeMs + random.next() * duringMs),
  }));
}

/** Starts each document in its time and waits for their ends. @param limitMs from now; who has not ended by then hangs. */
export async function runDocuments(
  stage: Stage,
  wanted: readonly Wanted[],
  { input = {}, limitMs }: { input?: Partial<ProcessDocumentInput>; limitMs: number },
): Promise<Ended[]> {
  const limit = sleep(limitMs, { kind: 'hung' as const }, { ref: false });
  return Promise.all(
    wanted.map(async (document, index) => {
      await sleep(document.afterMs);
      const { vendor, operations } = document;
      const workflowId = `document-${index}`;
      const full: ProcessDocumentInput = {
        source: stage.documents.url('invoice-packet.pdf'),
        provider: vendor,
        ...(operations.includes('extract') ? { schema: SCHEMA } : {}),
        ...(operations.includes('split') ? { sections: SECTIONS } : {}),
        ...input,
      };
      const { client, taskQueue } = stage;
      // The id makes it safe to ask again.
      const work = throughOutages(() => startDocument(client, full, { workflowId, taskQueue })).then(() =>
        throughOutages(() => documentEnd(client, workflowId)),
      );
      const end = await Promise.race([work, limit]);
      return { ...document, end, receipt: receiptOf(end), at: Date.now() };
    }),
  );
}

function receiptOf(end: Ended['end']): Receipt | null {
  if (end.kind === 'hung') return null;
  return end.kind === 'result' ? end.result.receipt : end.receipt;
}

/** As an application does whose Temporal is away for a while. */
async function throughOutages<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      await sleep(1_000);
    }
  }
}
