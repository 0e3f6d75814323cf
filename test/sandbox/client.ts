import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';

/** A clock that a test moves. */
export interface FakeClock {
  now(): number;
  advance(ms: number): void;
}

export function fakeClock(start = Date.UTC(2026, 0, 15)): FakeClock {
  let time = start;
  return { now: () => time, advance: (ms) => void (time += ms) };
}

export interface Answer {
  status: number;
  /** Parsed when it is JSON, else the text. */
  body: unknown;
  headers: Headers;
}

export interface Client {
  post(path: string, body?: unknown): Promise<Answer>;
  get(path: string): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** Uploads bytes; returns the reference. */
  upload(bytes: Uint8Array, name?: string): Promise<string>;
  /** Submits and returns the job's id. @throws when the submit is refused */
  submit(operation: string, body: unknown): Promise<string>;
  job(jobId: string): Promise<{ status: string; [key: string]: unknown }>;
}

export function clientOf({ reducto: { apiKey, baseUrl } }: Sandbox): Client {
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const headers = { authorization: `Bearer ${apiKey}`, ...(init.headers as Record<string, string>) };
    const response = await fetch(baseUrl + path, { ...init, headers });
    return answerOf(response);
  };
  const client: Client = {
    post: (path, body) =>
      send(path, {
        method: 'POST',
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    get: (path) => send(path, {}),
    delete: (path) => send(path, { method: 'DELETE' }),
    async upload(bytes, name = 'document.pdf') {
      const form = new FormData();
      form.set('file', new File([new Uint8Array(bytes)], name));
      return ((await send('/upload', { method: 'POST', body: form })).body as { file_id: string }).file_id;
    },
    async submit(operation, body) {
      const { status, body: answer } = await client.post(`/${operation}_async`, body);
      if (status !== 200) throw new Error(`${operation} was refused: ${JSON.stringify(answer)}`);
      return (answer as { job_id: string }).job_id;
    },
    job: async (jobId) => (await client.get(`/job/${jobId}`)).body as { status: string },
  };
  return client;
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') && text !== '';
  return { status: response.status, body: json ? (JSON.parse(text) as unknown) : text, headers: response.headers };
}

/** Runs `test` against a fresh sandbox whose jobs take 10 s by a clock that the test moves. */
export async function withSandbox(
  options: SandboxOptions,
  test: (parts: { sandbox: Sandbox; client: Client; clock: FakeClock }) => Promise<void>,
): Promise<void> {
  const clock = fakeClock();
  await using sandbox = await createSandbox({
    now: () => clock.now(),
    duration: { baseMs: 10_000, perPageMs: 0, jitter: 0 },
    ...options,
  });
  await test({ sandbox, client: clientOf(sandbox), clock });
}

/** Three pages of plain text; pages end at form feeds. */
export const INVOICE_TEXT = Buffer.from(
  'Invoice\n\nInvoice number: INV-77\nTotal: $12.50\n\f' +
    'Terms\n\nPayment terms and conditions of delivery apply.\n\f' +
    'Contact\n\nEmail: office@example.com\n',
);
