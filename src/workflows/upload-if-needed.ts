import { uploadProxy } from './activity-proxies.js';
import { unwrapActivityFailure } from './failure.js';
import type { JobContext } from './job-context.js';

/** URLs are fetched by the vendor itself; anything else goes past the worker, which knows vendor references and local files apart. */
export async function uploadIfNeeded(context: JobContext, source: string): Promise<string> {
  if (/^https?:\/\//i.test(source)) return source;
  const { provider, account, options } = context;
  try {
    return (await uploadProxy(options, `upload to ${provider}`)({ provider, account, source })).reference;
  } catch (error) {
    throw unwrapActivityFailure(error);
  }
}
