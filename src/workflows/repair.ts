import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { findDocumentFailure } from '../jobs/failures.js';
import type { ParsedDocument } from './documents.js';
import { documentFailure } from './failure.js';

/** Parses a document once more when the vendor has forgotten it, for all jobs that were to reuse it. */
export interface Repairs {
  /** The document, or the one that took its place. */
  latest(parsed: ParsedDocument): ParsedDocument;
  /** Parses it again, unless that was done or is under way. @throws DocumentReferenceExpired when it can't be, and why. */
  repair(parsed: ParsedDocument, parseAgain: ParseAgain): Promise<void>;
}

type ParseAgain = (parsed: ParsedDocument) => Promise<ParsedDocument>;

export function createRepairs(): Repairs {
  const successors = new Map<string, ParsedDocument>();
  const underWay = new Map<string, Promise<void>>();

  async function parse(parsed: ParsedDocument, parseAgain: ParseAgain): Promise<void> {
    try {
      const successor = await parseAgain(parsed);
      successors.set(parsed.reference, successor);
      // One that the vendor gives again is known again: nothing takes its place.
      successors.delete(successor.reference);
    } catch (error) {
      const failure = isCancellation(error) ? undefined : findDocumentFailure(error);
      if (failure === undefined) throw error;
      const { provider, account, reference } = parsed;
      const reason = `${provider} no longer knows ${reference}, and parsing it again failed: ${failure.message}`;
      const about = { provider, account, operation: 'parse', reference, reason } as const;
      throw documentFailure('DocumentReferenceExpired', `${reason}. Start the document again with its source`, about);
    } finally {
      underWay.delete(parsed.reference);
    }
  }

  return {
    latest(parsed) {
      const successor = successors.get(parsed.reference);
      return successor === undefined ? parsed : this.latest(successor);
    },
    async repair(parsed, parseAgain) {
      const { reference } = parsed;
      // Whoever used it before it was repaired may hear late of its being gone.
      if (successors.has(reference)) return;
      for (;;) {
        const theirs = underWay.get(reference);
        if (theirs === undefined) {
          const mine = parse(parsed, parseAgain);
          underWay.set(reference, mine);
          return mine;
        }
        try {
          return await Promise.race([theirs, CancellationScope.current().cancelRequested]);
        } catch (error) {
          // Whoever began was cancelled, and we were not.
          if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
        }
      }
    },
  };
}

/** The vendor said that it does not have what the job was to work on: at once, or by failing the job. */
export function isReferenceGone(error: unknown): boolean {
  const failure = findDocumentFailure(error);
  if (failure?.type === 'DocumentReferenceExpired') return true;
  return failure?.type === 'DocumentJobFailed' && 'inputGone' in failure.details && failure.details.inputGone === true;
}
