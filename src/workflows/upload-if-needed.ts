import { isCancellation } from '@temporalio/workflow';
import { uploadProxy } from './activity-proxies.js';
import { deadlineExceeded, remaining, startDeadline } from './deadline.js';
import { unwrapActivityFailure } from './failure.js';
import type { JobContext } from './job-context.js';
import { whileKeyIsRefused } from './refused-key.js';

/** Several documents one after the other: a vendor that is asked for many uploads at once answers none of them sooner. */
export async function uploadIfNeeded<S extends string | string[]>(context: JobContext, source: S): Promise<S> {
  if (typeof source === 'string') return (await uploadOne(context, source)) as S;
  const references: string[] = [];
  for (const one of source) references.push(await uploadOne(context, one));
  return references as S;
}

/** URLs are fetched by the vendor itself; anything else goes past the worker, which knows vendor references and local files apart. */
async function uploadOne(context: JobContext, source: string): Promise<string> {
  const deadline = startDeadline(context);
  if (/^https?:\/\//i.test(source)) return source;
  const { provider, account, options } = context;
  try {
    const upload = () =>
      uploadProxy(options, remaining(deadline), `upload to ${provider}`)({ provider, account, source });
    return (await whileKeyIsRefused(context, deadline, upload)).reference;
  } catch (error) {
    if (remaining(deadline) === 0 && !isCancellation(error)) throw deadlineExceeded(context, 'upload', deadline, null);
    throw unwrapActivityFailure(error);
  }
}
