import type { Context, Hono } from 'hono';
import type { CountCall } from '../calls.js';
import type { SandboxEnv } from '../core.js';
import { uncoded } from './api-error.js';
import { checkKey } from './authorise.js';
import { knownJob } from './job-routes.js';
import type { JobContent, Vendor } from './vendor.js';

type Call = Context<SandboxEnv>;

/** `GET /large_results/<job id>`: the whole result, once. */
export function addLargeRoutes(app: Hono<SandboxEnv>, vendor: Vendor, call: CountCall): void {
  const { core, switches, contents } = vendor;
  const operationOf = (c: Call) => core.jobs.get(c.req.param('job_id') ?? '', 'pulse')?.operation ?? null;

  app.get('/large_results/:job_id', call('fetch', operationOf), async (c) => {
    if (switches.largeNeedsKey) checkKey(core, c);
    const job = knownJob(vendor, c.req.param('job_id'));
    const now = await core.clock.now();
    const { state, endedAt } = core.jobs.at(job, now);
    const content = contents.get(job.id)!;
    const result = state === 'Completed' ? await content.result() : null;
    if (endedAt === null || !result?.large) throw uncoded(404, 'Result not found');
    if (now >= endedAt + switches.largeLifetimeMs) throw uncoded(410, 'The result has expired');
    if (content.spent) throw uncoded(410, 'The result has already been retrieved');
    spend(content, c, switches.spentWhen === 'opened');
    return c.json({ ...result.body, ...(switches.largeBilling === 'both' && result.billing) });
  });
}

/** An answer that breaks off before it is sent whole does not count, unless opening it is enough. */
function spend(content: JobContent, { env: { outgoing } }: Call, atOnce: boolean): void {
  const spent = (): void => void (content.spent = true);
  if (atOnce) return spent();
  outgoing.once('finish', spent);
}
