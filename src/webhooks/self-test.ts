import type { JsonObject } from '../jobs/json.js';

/** What no vendor names an event. The receiver checks such a one like any other, answers it, and goes no further. */
const TYPE = 'documentJobs.selfTest';

/** Header of the answer to a self-test: its name, which shows that a receiver of ours has read it. */
export const SELF_TEST_HEADER = 'document-jobs-self-test';

/** @param name letters, digits and dashes, up to 64: what tells this test from others. */
export const selfTestBody = (name: string): string => JSON.stringify({ type: TYPE, name });

/** @returns the test's name; null for an event that is none. */
export function selfTestName(body: JsonObject): string | null {
  const name = body.type === TYPE ? body.name : undefined;
  return typeof name === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(name) ? name : null;
}
