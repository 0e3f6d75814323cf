/*
 * What a document costs at Temporal, by its price list as `historyCost` counts it, measured over whole batches in the sandbox. 41 files, each parsed: 91 in the
 * batch's history and 5 in each document's, 7.2 a document. Heartbeats and queries leave no event and are not in it. A job that takes much longer than
 * expected costs a few more.
 */

/** Of each document: its start by the batch (2), its own start, and its share of the batch's pages, segments and timers. */
export const ACTIONS_PER_DOCUMENT = 3.2;
/** Of each document that lies on the worker. */
export const ACTIONS_PER_UPLOAD = 1;
/** Of each job: submit, sleep, poll window. */
export const ACTIONS_PER_JOB = 3;

/** Status reads of a job that one reader reads singly; the shared reader needs fewer. */
export const READS_PER_JOB = 3;

/** Between the vendor's jobs: start, upload, the last look. */
export const OVERHEAD_MS = 3_000;
