import type { Outcome } from '../../../src/jobs/types.js';
import type { JobState } from '../../../src/sandbox/index.js';
import { DATA, SECTION, TEXT } from '../document.js';
import { operationsOf } from '../schedule.js';
import type { Seen } from '../seen.js';
import { fired, receiptsOf } from './facts.js';

/** G2: no finished result that the vendor still serves is lost; receipt and result say what is true. */
export function resultsKept(seen: Seen): string[] {
  return [...outcomesAreTrue(seen), ...resultIsWhole(seen)];
}

const TRUTH: Partial<Record<JobState, readonly Outcome[]>> = {
  Completed: ['completed', 'completed_anyway'],
  Cancelled: ['cancelled'],
  Failed: ['failed'],
};

function outcomesAreTrue(seen: Seen): string[] {
  const found: string[] = [];
  for (const { operation, jobId, outcome, stored } of receiptsOf(seen)) {
    const job = seen.jobs.find((one) => one.jobId === jobId);
    if (job === undefined) continue;
    if (stored && seen.stored[stored.key]?.sha256 !== stored.sha256)
      found.push(`G2: the ${operation} that the receipt names is not stored`);
    const truth = job.gone === null ? TRUTH[job.state] : undefined;
    if (truth === undefined) continue;
    // Taken, but then the vendor could not be read for as long as a cancel waits for the truth.
    const isUnread = fired(
      seen,
      (event) => event.do === 'down for thirty calls' && event.on === 'get' && event.of === operation,
    );
    if (outcome === 'unknown' && isUnread) continue;
    if (!truth.includes(outcome)) found.push(`G2: the receipt calls a ${operation} ${outcome} that is ${job.state}`);
    // What is read once may be lost on its way, and a store may refuse: then the failure says so, see G6.
    const mayLack = fired(seen, ({ on, of }) => (on === 'fetch' || on === 'put') && of === operation);
    if (truth.includes('completed') && !stored && !mayLack)
      found.push(`G2: a completed ${operation} is stored nowhere`);
  }
  return found;
}

function resultIsWhole({ end, schedule, stored }: Seen): string[] {
  if (end.kind !== 'result') return [];
  const found: string[] = [];
  const { parsed, extract, split, failures, status } = end.result;
  const textOf = (ref: { key: string } | undefined): string => stored[ref?.key ?? '']?.text ?? '';
  const asked = operationsOf(schedule);
  const failed = failures.map(({ operation }) => operation);
  if ((status === 'complete') !== (failed.length === 0)) found.push(`G2: ${status} with ${failed.length} failures`);
  if (!textOf(parsed.stored).includes(TEXT)) found.push('G2: the parse that the result names is not whole');
  const isInline = schedule.options.results !== 'stored';
  if (asked.includes('extract') && !failed.includes('extract') && !failed.includes('split')) {
    const value = schedule.asks === 'split, then extract each' ? split?.sections?.[0]?.extract : extract;
    if (!isSame(value?.data, isInline ? DATA : undefined)) found.push('G2: the extracted value is another one');
    if (!textOf(value?.stored).includes(DATA.invoice_number)) found.push('G2: the extract is not stored');
  }
  if (asked.includes('split') && !failed.includes('split')) {
    const names = split?.sections?.map(({ name }) => name);
    if (!isSame(names, isInline ? [SECTION] : undefined)) found.push('G2: the sections are others');
    if (!textOf(split?.stored).includes(SECTION)) found.push('G2: the split is not stored');
  }
  return found;
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
