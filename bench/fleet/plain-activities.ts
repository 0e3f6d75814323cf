import { ApplicationFailure, Context } from '@temporalio/activity';
import { Agent, request } from 'undici';

/** Hand-written activities as vendors' docs and Temporal's samples have them: fetch, and no more. For comparison only. */
export interface PlainActivities {
  /** @returns the job's id. */
  submit(source: string): Promise<string>;
  /** One read. @returns the vendor's status. */
  status(jobId: string): Promise<string>;
  /** Throws, to be retried, until the job is done. */
  statusOrRetry(jobId: string): Promise<string>;
  /** Reads every 2 s until the job is done; heartbeats. */
  awaitJob(jobId: string): Promise<string>;
}

const EVERY_MS = 2_000;

export function plainActivities(vendorUrl: string): PlainActivities {
  const dispatcher = new Agent({ connections: 64 });
  const results = new Map<string, unknown>();
  const read = async (jobId: string): Promise<string> => {
    const { body } = await request(`${vendorUrl}/job/${jobId}`, {
      dispatcher,
      headers: { authorization: 'Bearer key' },
    });
    const { status, result } = (await body.json()) as { status: string; result: unknown };
    if (status === 'Completed') results.set(jobId, result);
    return status;
  };
  return {
    async submit(source) {
      const { body } = await request(`${vendorUrl}/parse_async`, {
        dispatcher,
        method: 'POST',
        headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
        body: JSON.stringify({ input: source }),
      });
      return ((await body.json()) as { job_id: string }).job_id;
    },
    status: read,
    async statusOrRetry(jobId) {
      const status = await read(jobId);
      if (status === 'Completed') return status;
      throw ApplicationFailure.create({ message: 'still running', category: 'BENIGN' });
    },
    async awaitJob(jobId) {
      for (;;) {
        Context.current().heartbeat();
        const status = await read(jobId);
        if (status === 'Completed') return status;
        await Context.current().sleep(EVERY_MS);
      }
    },
  };
}
