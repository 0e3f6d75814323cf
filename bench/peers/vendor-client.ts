import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** The vendor's finished body. */
export interface JobResult {
  job_id: string;
  [field: string]: unknown;
}

export interface VendorClient {
  /** One POST, never repeated. @returns the job's id. */
  submit(source: string): Promise<string>;
  /** @returns null while the job runs. @throws Error for a reply that is no answer */
  read(jobId: string): Promise<JobResult | null>;
  /** Reads until the job has ended; a read that fails is repeated like one that finds it running. */
  waitFor(jobId: string, everyMs: number): Promise<JobResult>;
}

/** What a service would have beside its durable engine: one pool of connections, and the calls. */
export function createVendorClient(url: string): VendorClient {
  const dispatcher = new Agent({ connections: 64 });
  const headers = { authorization: 'Bearer key', 'content-type': 'application/json' };
  const call = async <T>(path: string, body?: object): Promise<T> => {
    const reply = await request(`${url}${path}`, {
      dispatcher,
      headers,
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    if (reply.statusCode === 200) return (await reply.body.json()) as T;
    await reply.body.dump();
    throw new Error(`the vendor answered ${reply.statusCode}`);
  };
  const read = async (jobId: string): Promise<JobResult | null> => {
    const { status, result } = await call<{ status: string; result: JobResult | null }>(`/job/${jobId}`);
    return status === 'Completed' ? result : null;
  };
  return {
    submit: async (source) => (await call<{ job_id: string }>('/parse_async', { input: source })).job_id,
    read,
    async waitFor(jobId, everyMs) {
      for (;;) {
        const result = await read(jobId).catch(() => null);
        if (result !== null) return result;
        await sleep(everyMs);
      }
    },
  };
}
