/** Calls a second that an account may make, workers of all kinds together; null where nothing limits them. */
export interface Quota {
  /** All calls. */
  requestsPerSecond: number | null;
  /** Status reads of single jobs. */
  readsPerSecond: number | null;
  /** Submits. Default null. */
  submitsPerSecond?: number | null;
  /** Pages of the job list. Default null. */
  listsPerSecond?: number | null;
}
