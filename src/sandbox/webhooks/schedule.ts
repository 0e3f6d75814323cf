const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/**
 * When a message is sent, each attempt so long after the one before has failed, ms. Svix's own; what a vendor has configured there is not
 * published.
 */
export const SIGNED_SCHEDULE: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  10 * HOUR,
];

/** Three retries are documented; how far apart is not, but that the distances grow. */
export const DIRECT_SCHEDULE: readonly number[] = [0, 1 * SECOND, 2 * SECOND, 4 * SECOND];

/** A receiver that takes longer has failed, ms. */
export const ANSWER_LIMIT_MS = 15 * SECOND;
