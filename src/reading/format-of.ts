import type { Operation, ResultRef } from '../jobs/types.js';
import * as registry from '../providers/registry.js';
import type { ParsedContent, ResultFormat } from '../providers/result-format.js';
import { jobOfKey } from '../results/result-key.js';
import { readInvalid } from './reply-invalid.js';

const VENDORS: Readonly<Record<string, { format?: ResultFormat }>> = registry;

/** Which function reads what. */
const READER: Partial<Record<Operation, string>> = {
  parse: 'readParsed',
  extract: 'readExtracted',
  split: 'readSections',
};

/** What is read: a reference, or what has one under `stored`. */
export type Stored = ResultRef | { stored: ResultRef };

export const refOf = (stored: Stored): ResultRef => ('stored' in stored ? stored.stored : stored);

/**
 * How a result is read, by the vendor that its key names.
 * @param given a vendor's own, where it is in no registry or known anyhow.
 * @throws `DocumentInputInvalid` for a result of another operation or vendor, and for a vendor that is not known.
 */
export function formatOf(ref: ResultRef, operation: Operation, given?: ResultFormat): ResultFormat<ParsedContent> {
  const job = jobOfKey(ref.key);
  if (job !== null && job.operation !== operation) {
    const reader = READER[job.operation] ?? 'readResult';
    throw readInvalid(ref, 'stored', `is the result of a job of kind ${job.operation}, which ${reader} reads`);
  }
  if (given !== undefined && (job === null || job.provider === given.provider)) return given;
  if (given !== undefined)
    throw readInvalid(ref, 'format', `is a result of ${job?.provider}, not of ${given.provider}`);
  const format = job !== null && Object.hasOwn(VENDORS, job.provider) ? VENDORS[job.provider]?.format : undefined;
  if (format !== undefined) return format;
  const why =
    job === null ? 'the key does not say which vendor it is of' : `nothing is known of the format of ${job.provider}`;
  throw readInvalid(ref, 'stored', `${why}: give its format, or read it with readResult or openResult`);
}
