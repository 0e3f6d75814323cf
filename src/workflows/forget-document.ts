import type { ForgetInput, ForgetReport } from '../jobs/forget.js';
import { sweepProxy } from './activity-proxies.js';
import { unwrapActivityFailure } from './failure.js';

/**
 * Erases what a document has left at vendors and in the result store, and reports what was erased, what goes by itself when, and what others
 * have to erase. Safe to run twice: then everything is `absent`.
 * @throws DocumentStillRunning for a document whose workflow runs, DocumentInputInvalid.
 */
export async function forgetDocument(input: ForgetInput): Promise<ForgetReport> {
  try {
    const { forgetDocument: forget } = sweepProxy(input.taskQueue, `forget ${input.workflowId ?? 'jobs'}`);
    return await forget({ input });
  } catch (error) {
    throw unwrapActivityFailure(error);
  }
}
