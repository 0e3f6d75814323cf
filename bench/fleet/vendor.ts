// A vendor on loopback that does nothing but keep jobs: Reducto's submit, read, list and cancel, light enough for tens of thousands of jobs on the
// box that runs everything else. A process of its own. Control and figures under /_vendor.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { VendorFigures, VendorOrder } from './messages.js';

interface Job {
  id: string;
  type: string;
  acceptedAt: number;
  endsAt: number;
  cancelled: boolean;
  failed: boolean;
  input: string;
  metadata: unknown;
}

const PAGE = 100;

const order: VendorOrder = JSON.parse(process.argv[2] ?? '{}') as VendorOrder;
const jobs: Job[] = [];
const places = new Map<string, number>();
const counts: VendorFigures['counts'] = { submit: 0, get: 0, list: 0, cancel: 0 };
const bySecond = new Map<number, number>();
const refusedBySecond = new Map<number, number>();
/** Inputs that were submitted before. */
const seen = new Set<string>();
let refused = 0;
let lastRefusedAt = 0;
let firstReadAt = 0;
let readsPerSecond = order.readsPerSecond ?? Infinity;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  answer(request, response).catch((error: unknown) => {
    response.writeHead(500).end(String(error));
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://vendor');
  const [, first = '', second = ''] = url.pathname.split('/');
  const text = request.method === 'POST' ? await textOf(request) : '';
  const send = (body: unknown, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (first === '_vendor') {
    if (request.method === 'POST') ({ readsPerSecond = Infinity } = JSON.parse(text) as VendorOrder);
    return send(figures());
  }
  if (first.endsWith('_async')) return submit(first, text, send);
  if (first === 'jobs') return list(url.searchParams, send);
  const job = jobs[places.get(second) ?? -1];
  if (first === 'cancel') {
    counts.cancel += 1;
    if (job !== undefined && Date.now() < job.endsAt) Object.assign(job, { cancelled: true, endsAt: Date.now() });
    return send(null, job === undefined ? 404 : 200);
  }
  counts.get += 1;
  if (isTooMany()) {
    return send({ message: '[CODE 2000] rate limit exceeded, please use webhooks instead of polling' }, 429);
  }
  if (job === undefined) return send({ detail: 'Job not found' }, 404);
  return send({ ...factsOf(job), result: statusOf(job) === 'Completed' ? resultOf(job) : null, progress: null });
}

function submit(path: string, text: string, send: (body: unknown) => void): void {
  counts.submit += 1;
  const body = JSON.parse(text) as { input: string | string[]; async?: { metadata?: unknown; webhook?: unknown } };
  const now = Date.now();
  const spread = order.jobMs * (order.spread ?? 0) * (Math.random() - 0.5) * 2;
  const input = [body.input].flat().join();
  const job: Job = {
    id: randomUUID(),
    type: path.replace('_async', '').replace(/^./, (letter) => letter.toUpperCase()),
    acceptedAt: now,
    endsAt: now + order.jobMs + spread,
    cancelled: false,
    failed: isToFail(input),
    input,
    metadata: body.async?.metadata ?? null,
  };
  places.set(job.id, jobs.push(job) - 1);
  if (body.async?.webhook !== undefined && order.webhook !== undefined) {
    setTimeout(() => void call(job, order.webhook!), Math.ceil(job.endsAt - now) + 1);
  }
  send({ job_id: job.id, status: 'Pending' });
}

function isToFail(input: string): boolean {
  if (order.failEvery === undefined || seen.has(input)) return false;
  seen.add(input);
  return Number(/(\d+)$/.exec(input)?.[1]) % order.failEvery === 0;
}

/** As the vendor's sender signs. */
async function call(job: Job, { url, secret }: NonNullable<VendorOrder['webhook']>): Promise<void> {
  const body = JSON.stringify({ status: statusOf(job), job_id: job.id, metadata: job.metadata });
  const id = `msg_${job.id}`;
  const at = new Date();
  const headers = {
    'content-type': 'application/json',
    'svix-id': id,
    'svix-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'svix-signature': new Webhook(secret).sign(id, at, body),
  };
  await fetch(url, { method: 'POST', headers, body }).catch(() => undefined);
}

/** Newest first; the cursor is the place of the next job. */
function list(query: URLSearchParams, send: (body: unknown) => void): void {
  counts.list += 1;
  const from = query.get('cursor') ? Number(query.get('cursor')) : jobs.length - 1;
  const limit = Number(query.get('limit') ?? PAGE);
  const page: object[] = [];
  const withConfig = query.get('exclude_configs') !== 'true';
  for (let at = from; at >= 0 && page.length < limit; at--) {
    const job = jobs[at]!;
    const config = withConfig ? { raw_config: JSON.stringify({ async: { metadata: job.metadata } }) } : {};
    page.push({ job_id: job.id, ...factsOf(job), ...config });
  }
  send({ jobs: page, next_cursor: from - limit >= 0 ? String(from - limit) : null });
}

/** One second's reads over the cap are refused. */
function isTooMany(): boolean {
  const second = Math.floor(Date.now() / 1_000);
  const reads = (bySecond.get(second) ?? 0) + 1;
  bySecond.set(second, reads);
  firstReadAt ||= Date.now();
  if (reads <= readsPerSecond) return false;
  refused += 1;
  refusedBySecond.set(second, (refusedBySecond.get(second) ?? 0) + 1);
  lastRefusedAt = Date.now();
  return true;
}

function statusOf({ cancelled, failed, endsAt }: Job): string {
  if (cancelled) return 'Cancelled';
  if (Date.now() < endsAt) return 'Pending';
  return failed ? 'Failed' : 'Completed';
}

function factsOf(job: Job): object {
  const isOver = Date.now() >= job.endsAt;
  return {
    status: statusOf(job),
    type: job.type,
    created_at: new Date(job.acceptedAt).toISOString(),
    num_pages: isOver ? 1 : null,
    total_pages: 1,
    duration: isOver ? (job.endsAt - job.acceptedAt) / 1_000 : null,
    source: null,
    bucket: null,
    reason: statusOf(job) === 'Failed' ? 'the pages could not be read' : null,
    error: null,
  };
}

function resultOf({ id, input }: Job): object {
  const chunk = { content: `The text of ${input}.`, embed: '', enriched: null, blocks: [] };
  return {
    job_id: id,
    duration: 1,
    usage: { num_pages: 1, credits: 1 },
    pdf_url: null,
    studio_link: null,
    result: { type: 'full', chunks: [chunk] },
  };
}

function figures(): VendorFigures {
  const now = Date.now();
  return {
    counts,
    refused,
    lastRefusedAt,
    firstReadAt,
    refusedBySecond: [...refusedBySecond],
    mostReadsASecond: Math.max(0, ...bySecond.values()),
    running: jobs.filter(({ endsAt }) => endsAt > now).length,
    cancelled: jobs.filter(({ cancelled }) => cancelled).length,
    failed: jobs.filter((job) => statusOf(job) === 'Failed').length,
    ends: jobs.map(({ input, endsAt }) => [input, endsAt]),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}
