import { keySegment } from '../../results/result-key.js';

/** Segments that one compacted object holds. */
export const COMPACT = 100;

/**
 * Where things of a batch lie in the result store. A store can't be listed, so that every key follows from what is known: the batch's id, and
 * numbers without gaps.
 *
 * ```
 * batches/<batch>/drives/<drive>.json            what a drive was planned to be; written last of its plan
 * batches/<batch>/drives/<drive>-end.json        how many segments the drive has; written when no more come
 * batches/<batch>/plan/<drive>/<plan>/<page>.json
 * batches/<batch>/plan/<drive>/<plan>/unusable-<segment>.jsonl     rows that the planner wrote
 * batches/<batch>/rows/<drive>/<segment>.jsonl   rows as they were recorded
 * batches/<batch>/rows/<drive>/compact-<n>.jsonl the hundred segments n × 100 … in one, which are then deleted
 * ```
 */
export interface BatchKeys {
  drive(drive: number): string;
  driveEnd(drive: number): string;
  planPage(drive: number, planId: string, page: number): string;
  unusable(drive: number, planId: string, segment: number): string;
  segment(drive: number, segment: number): string;
  compact(drive: number, chunk: number): string;
}

export function batchKeys(batchId: string): BatchKeys {
  const base = `batches/${keySegment(batchId)}`;
  return {
    drive: (drive) => `${base}/drives/${four(drive)}.json`,
    driveEnd: (drive) => `${base}/drives/${four(drive)}-end.json`,
    planPage: (drive, planId, page) => `${base}/plan/${four(drive)}/${planId}/${six(page)}.json`,
    unusable: (drive, planId, segment) => `${base}/plan/${four(drive)}/${planId}/unusable-${six(segment)}.jsonl`,
    segment: (drive, segment) => `${base}/rows/${four(drive)}/${six(segment)}.jsonl`,
    compact: (drive, chunk) => `${base}/rows/${four(drive)}/compact-${six(chunk)}.jsonl`,
  };
}

const four = (number: number): string => String(number).padStart(4, '0');
const six = (number: number): string => String(number).padStart(6, '0');
