import type { Operation } from './types.js';

/** What a batch was expected to take, before its first job. Public JSON contract: fields are added, never changed. */
export interface BatchForecast {
  schemaVersion: 1;
  documents: number;
  /** Rows of the manifest that can't be used. */
  unusableRows: number;
  /** Null when nothing tells. */
  pages: number | null;
  /** Where the figure of pages comes from; in documents. */
  pagesFrom: {
    /** The manifest said. */
    manifest: number;
    /** Files that were opened and counted. */
    counted: number;
    /** Taken to be like the others: files that were not opened, URLs, formats that can't be counted here. */
    assumed: number;
  };
  /** Vendor jobs, when every document goes well. */
  jobs: Partial<Record<Operation, number>>;
  /** By the user's rate card; null without one, or without pages. */
  credits: number | null;
  /** In the rate card's currency; likewise. */
  price: { amount: number; currency: string } | null;
  /** Of Temporal's, see `forecast/constants.ts`. */
  temporalActions: number;
  window: number;
  startsPerSecond: number;
  /** One document of the average size, ms; null when the vendor's usual time is not known. */
  documentMs: number | null;
  /** From the first start to the last, ms. */
  startsMs: number;
  /** Until the last has ended, ms; null as `documentMs`. */
  totalMs: number | null;
  /** What sets the time. */
  limitedBy: 'starts' | 'window' | 'quota';
}
