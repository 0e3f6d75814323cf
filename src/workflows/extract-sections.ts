import { isCancellation } from '@temporalio/workflow';
import { defined } from '../jobs/defined.js';
import type { AccountRef } from '../jobs/activities.js';
import { findDocumentFailure } from '../jobs/failures.js';
import type { Section, SectionValue } from '../jobs/types.js';
import { all } from './all.js';
import { documentFailure } from './failure.js';
import type { ExtractedDocument, ExtractedSection, SplitDocument } from './documents.js';
import type { CompletedJob } from './run-job.js';

/** The two ways to one value a section. Which one it is follows from what the split gave. */
export interface SectionExtractors<T> {
  /** One job for all, asked with the split's reference. */
  bySplit: (reference: string, names: string[]) => Promise<CompletedJob<'extract'>>;
  /** A job for one section's pages. */
  byPages: (section: Section) => Promise<ExtractedDocument<T>>;
  onFailure: 'keep' | 'cancel';
  about: AccountRef;
}

/** Every section with its value, or with why it has none. Sections without pages are not asked about. */
export async function extractSections<T>(
  { sections, reference }: SplitDocument,
  { bySplit, byPages, onFailure, about }: SectionExtractors<T>,
): Promise<ExtractedSection<T>[]> {
  const found = sections.filter(({ pages }) => pages.length > 0);
  const failure = (error: unknown): Pick<ExtractedSection<T>, 'failure'> => {
    const known = onFailure === 'keep' && !isCancellation(error) ? findDocumentFailure(error) : undefined;
    if (known === undefined) throw error;
    const { type, message, details } = known;
    return { failure: { type, message, ...defined({ jobId: details.jobId }) } };
  };
  const ends = new Map<string, Pick<ExtractedSection<T>, 'extract' | 'failure'>>();
  if (reference === undefined) {
    const each = found.map((section) => async () => {
      ends.set(section.name, await byPages(section).then((extract) => ({ extract }), failure));
    });
    await all(each);
  } else if (found.length > 0) {
    const names = found.map(({ name }) => name);
    const whole = await bySplit(reference, names).then((job) => ({ job }), failure);
    for (const name of names) ends.set(name, 'job' in whole ? valueOf<T>(name, whole.job) : whole);
    const section = names.find((name) => ends.get(name)?.failure);
    const failed = section && ends.get(section)?.failure;
    if (failed && onFailure === 'cancel') {
      const { message: reason, jobId = '' } = failed;
      throw documentFailure('DocumentSectionFailed', reason, {
        ...about,
        operation: 'extract',
        jobId,
        section,
        reason,
      });
    }
  }
  return sections.map((section) => ({ ...section, ...ends.get(section.name) }));
}

/** One section's part of a job for all of them. */
function valueOf<T>(
  name: string,
  { jobId, result: { sectionValues, stored } }: CompletedJob<'extract'>,
): Pick<ExtractedSection<T>, 'extract' | 'failure'> {
  // Not inline: whoever wants the value reads the store.
  const value = sectionValues === undefined ? { name } : sectionValues.find((one) => one.name === name);
  const { data, citations, problem }: Partial<SectionValue> = value ?? { problem: 'the vendor left it out' };
  if (problem !== undefined) {
    const message = `extract job ${jobId}: section "${name}": ${problem}. Read what the result store has, or extract the section's pages again`;
    return { failure: { type: 'DocumentSectionFailed', message, jobId } };
  }
  return { extract: { jobId, data: data as T, stored, ...defined({ citations }) } };
}
