import type { SandboxCore } from '../core.js';
import type { SplitSection } from '../document/index.js';
import type { LoadView, View } from '../view.js';
import { uncoded } from './api-error.js';
import type { PulseSwitches } from './switches.js';

export interface SplitView {
  view: View;
  sections: SplitSection[];
}
export type LoadSplit = () => Promise<SplitView>;

/** Saved extractions and splits, by ids of their own. They outlive the jobs that made them. */
export interface Library {
  keepExtraction(id: string, jobId: string, load: LoadView): void;
  keepSplit(id: string, jobId: string, load: LoadSplit): void;
  /** @throws ApiError 404 when it does not exist, not yet or no longer */
  extraction(id: string, now: number): LoadView;
  split(id: string, now: number): LoadSplit;
  /** How often a schema was run on these extractions, this time included. */
  nextVersion(extractionIds: readonly string[]): number;
}

export function createLibrary({ jobs }: SandboxCore, { extractionRetentionMs }: PulseSwitches): Library {
  const extractions = new Map<string, { jobId: string; load: LoadView }>();
  const splits = new Map<string, { jobId: string; load: LoadSplit }>();
  const versions = new Map<string, number>();

  function find<T>(shelf: Map<string, { jobId: string; load: T }>, kind: string, id: string, now: number): T {
    const kept = shelf.get(id);
    if (!kept || !isSaved(kept.jobId, now)) throw uncoded(404, `${kind} not found`);
    return kept.load;
  }

  function isSaved(jobId: string, now: number): boolean {
    const job = jobs.get(jobId);
    if (!job || job.faults.vanished) return false;
    const { state, endedAt } = jobs.at(job, now);
    if (state !== 'Completed' || endedAt === null) return false;
    return extractionRetentionMs === null || now < endedAt + extractionRetentionMs;
  }

  return {
    keepExtraction: (id, jobId, load) => void extractions.set(id, { jobId, load }),
    keepSplit: (id, jobId, load) => void splits.set(id, { jobId, load }),
    extraction: (id, now) => find(extractions, 'Extraction', id, now),
    split: (id, now) => find(splits, 'Split', id, now),
    nextVersion(extractionIds) {
      const key = [...extractionIds].sort().join(',');
      const version = (versions.get(key) ?? 0) + 1;
      versions.set(key, version);
      return version;
    },
  };
}
