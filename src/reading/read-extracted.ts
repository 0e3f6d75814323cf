import type { JsonValue } from '../jobs/json.js';
import type { Operation, ResultRef, Section, SectionValue } from '../jobs/types.js';
import type { InterpretedResult } from '../providers/provider.js';
import type { ResultFormat } from '../providers/result-format.js';
import { documentFailure } from '../results/document-failure.js';
import { aboutOf, type ReadableStore, readResult } from '../results/open-result.js';
import { formatOf } from './format-of.js';
import { inReadersWords, readInvalid, replyInvalid } from './reply-invalid.js';

export interface ExtractedValue<T = JsonValue> {
  /** The plain value, the vendor's wrappers removed. */
  data: T;
  /** As the vendor gives them, when they were asked for. */
  citations?: JsonValue;
}

export interface ReadExtractedOptions {
  /** Name of the section, of an extract per section that was one job for all of them. */
  section?: string;
  /** The vendor's, where it is in no registry. */
  format?: ResultFormat;
}

/**
 * What an extract gave, whether it travelled inline (then nothing is read) or is only stored. A stored one is held in memory whole.
 * `T` is what the extract's schema promises: the worker checked the value against it.
 *
 * @param extract an `ExtractedDocument`, the `extract` of a `ProcessDocumentResult` or of one of its sections, or a `ResultRef`.
 * @throws as `readResult` does; `DocumentInputInvalid` for the result of another operation, and when `section` is needed and was not given;
 * `DocumentSectionFailed` for a section that has no value; `DocumentReplyInvalid` for a body that is no extract.
 */
export async function readExtracted<T = JsonValue>(
  store: ReadableStore,
  extract: ResultRef | { data?: T; citations?: JsonValue; stored: ResultRef },
  { section, format }: ReadExtractedOptions = {},
): Promise<ExtractedValue<T>> {
  const { stored, data, citations } = 'stored' in extract ? extract : { stored: extract };
  if (data !== undefined) return valueOf(data, citations);
  const read = await readWith(store, stored, 'extract', format);
  if (read.sectionValues === undefined) return valueOf((read.data ?? null) as T, read.citations);
  if (section === undefined) throw readInvalid(stored, 'section', 'has a value for each section: say which one');
  const one = read.sectionValues.find(({ name }) => name === section) ?? { name: section };
  if (one.data === undefined) throw sectionFailed(stored, one);
  return valueOf(one.data as T, one.citations);
}

/**
 * The sections that a split found, whether they travelled inline (then nothing is read) or are only stored.
 * @param split a `SplitDocument`, the `split` of a `ProcessDocumentResult`, or a `ResultRef`.
 * @throws as {@link readExtracted} does.
 */
export async function readSections<S extends Section = Section>(
  store: ReadableStore,
  split: ResultRef | { sections?: S[]; stored: ResultRef },
  { format }: { format?: ResultFormat } = {},
): Promise<(S | Section)[]> {
  const { stored, sections } = 'stored' in split ? split : { stored: split };
  if (sections !== undefined) return sections;
  const read = await readWith(store, stored, 'split', format);
  if (read.sections === undefined) throw replyInvalid(stored, '', 'it has no sections');
  return read.sections;
}

async function readWith(
  store: ReadableStore,
  ref: ResultRef,
  operation: Operation,
  given: ResultFormat | undefined,
): Promise<InterpretedResult> {
  const { interpret } = formatOf(ref, operation, given);
  const body = await readResult(store, ref);
  try {
    return interpret(operation, aboutOf(ref).jobId ?? '', body);
  } catch (error) {
    throw inReadersWords(ref, error);
  }
}

function valueOf<T>(data: T, citations: JsonValue | undefined): ExtractedValue<T> {
  return { data, ...(citations === undefined ? {} : { citations }) };
}

function sectionFailed(ref: ResultRef, { name: section, problem = 'the vendor left it out' }: SectionValue): Error {
  const { jobId = '', ...about } = aboutOf(ref);
  const message = `extract job ${jobId}: section "${section}": ${problem}. Extract the section's pages again`;
  return documentFailure('DocumentSectionFailed', message, { ...about, jobId, section, reason: problem });
}
