import { readWhole } from '../../src/json-stream/index.js';
import { passingBy, readBody } from '../../src/activities/body-reader.js';
import type { Operation } from '../../src/jobs/types.js';
import type { JobBody, Provider } from '../../src/providers/provider.js';

/** A finished body's value, whichever way it comes. A stream passes by the reader that the poll has. @throws VendorError */
export async function loadBody(
  provider: Provider,
  { jobId, operation }: { jobId: string; operation: Operation },
  body: JobBody,
): Promise<unknown> {
  if (body.kind === 'json') return body.load({});
  const reader = readBody(provider, { provider: provider.name, account: 'test', operation, jobId });
  const bytes = await readWhole(passingBy(await body.open({}), reader));
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
}
