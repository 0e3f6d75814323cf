import type { Sandbox, SandboxOptions } from '../../../src/sandbox/index.js';
import { answerOf, INVOICE_TEXT, withSandbox, type Answer, type FakeClock } from '../client.js';

export interface PulseClient {
  /** JSON, with the key. */
  post(path: string, body?: unknown): Promise<Answer>;
  get(path: string): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** A form with a file and text fields. */
  form(path: string, fields: Record<string, string>, file?: { name: string; bytes: Uint8Array }): Promise<Answer>;
  /** A body as it is. */
  raw(path: string, contentType: string, body: string | Uint8Array): Promise<Answer>;
  /** Extracts a file asynchronously. @returns the job's id */
  submit(fields?: Record<string, string>, bytes?: Uint8Array): Promise<string>;
  job(jobId: string): Promise<Job>;
  /** Moves the clock past the job's end. @returns the finished job's result */
  finished(jobId: string): Promise<Record<string, unknown>>;
  /** Posts with `async` and finishes the job. */
  done(path: string, body: object): Promise<Record<string, unknown>>;
}

export interface Job {
  job_id: string;
  status: string;
  result?: Record<string, unknown>;
  [key: string]: unknown;
}

interface Parts {
  sandbox: Sandbox;
  client: PulseClient;
  clock: FakeClock;
}

/** Runs `test` against a fresh sandbox whose jobs take 10 s by a clock that the test moves. */
export function withPulse(options: SandboxOptions, test: (parts: Parts) => Promise<void>): Promise<void> {
  return withSandbox(options, ({ sandbox, clock }) => test({ sandbox, clock, client: pulseClientOf(sandbox, clock) }));
}

/** For synchronous calls: they wait in real time. */
export const AT_ONCE: SandboxOptions = { duration: { baseMs: 0, perPageMs: 0, jitter: 0 } };

export const INVOICE_FILE = { name: 'invoice.txt', bytes: INVOICE_TEXT };

/** A document with a table on each page, the same header twice. */
export const TABLE_TEXT = Buffer.from(
  'Order list\n\nItem        Quantity    Price\nBolt        4           1.50\nNut         8           0.20\nWasher      2           0.10\n\f' +
    'Item        Quantity    Price\nScrew       1           3.00\nNail        9           0.05\nPin         7           0.15\n',
);

export function pulseClientOf({ pulse: { apiKey, baseUrl } }: Sandbox, clock: FakeClock): PulseClient {
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const headers = { 'x-api-key': apiKey, ...(init.headers as Record<string, string>) };
    return answerOf(await fetch(baseUrl + path, { ...init, headers }));
  };
  const client: PulseClient = {
    post: (path, body) => client.raw(path, 'application/json', body === undefined ? '' : JSON.stringify(body)),
    get: (path) => send(path, {}),
    delete: (path) => send(path, { method: 'DELETE' }),
    form(path, fields, file) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      if (file) form.set('file', new File([new Uint8Array(file.bytes)], file.name));
      return send(path, { method: 'POST', body: form });
    },
    raw: (path, contentType, body) =>
      send(path, {
        method: 'POST',
        body: typeof body === 'string' ? body : new Uint8Array(body),
        headers: { 'content-type': contentType },
      }),
    async submit(fields = {}, bytes = INVOICE_TEXT) {
      const answer = await client.form('/extract', { async: 'true', ...fields }, { name: 'a.txt', bytes });
      if (answer.status !== 200) throw new Error(`extract was refused: ${JSON.stringify(answer.body)}`);
      return (answer.body as { job_id: string }).job_id;
    },
    job: async (jobId) => (await client.get(`/job/${jobId}`)).body as Job,
    async finished(jobId) {
      await client.job(jobId);
      clock.advance(10_000);
      const job = await client.job(jobId);
      if (job.status !== 'completed') throw new Error(`the job is ${JSON.stringify(job)}`);
      return job.result!;
    },
    async done(path, body) {
      const answer = await client.post(path, { ...body, async: true });
      if (answer.status !== 202) throw new Error(`${path} was refused: ${JSON.stringify(answer.body)}`);
      return client.finished((answer.body as { job_id: string }).job_id);
    },
  };
  return client;
}
