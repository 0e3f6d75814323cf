import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Operation } from '../../src/jobs/types.js';
import type { ScriptedVendor, Situation, VendorJob } from '../../src/testing/index.js';

export const TOY_KEY = 'toy-key';
const SMALL = 'https://documents.example/small.pdf';
const LARGE = 'https://documents.example/large.pdf';
const LASTS_MS = 10_000;
const HOUR_MS = 3_600_000;
const RETENTION_MS = 24 * HOUR_MS;
const HTML = '<html><head><title>502 Bad Gateway</title></head></html>';
const ERROR = { message: 'refused by the script' };

/** What a call comes to: status and body, or what becomes of the connection. */
interface Reply {
  status: number;
  body?: unknown;
  act?: 'drop' | 'cut' | 'slow';
}

interface ToyJob {
  id: string;
  kind: Operation;
  tag: string;
  acceptedAt: number;
  situation: Situation;
  word: string | undefined;
  isLarge: boolean;
  ended: { state: 'DONE' | 'STOPPED'; at: number } | null;
  answerRead: boolean;
}

/** The toy vendor's server, and its script. `now` is the test environment's clock. */
export async function startToyServer(
  now: () => Promise<number>,
): Promise<ScriptedVendor & { baseUrl: string; close(): void }> {
  let jobs = new Map<string, ToyJob>();
  let script: { situation: Situation; operation: Operation } = { situation: 'happy', operation: 'parse' };
  let word: string | undefined;
  let seen: Record<string, number> = {};
  let lastNow = 0;
  /** Jobs of earlier cases can still be read, but are not in the books of this one. */
  let fresh = new Set<string>();

  const count = (what: string): number => (seen[what] = (seen[what] ?? 0) + 1);
  const scripted = (operation: Operation): Situation => (operation === script.operation ? script.situation : 'happy');

  async function answer(request: IncomingMessage): Promise<Reply> {
    count('requests');
    const body = await text(request);
    lastNow = await now();
    const url = new URL(request.url ?? '/', 'http://toy');
    const [, area, id = ''] = url.pathname.split('/');
    if (request.headers['x-toy-key'] !== TOY_KEY) return { status: 401, body: { message: 'unknown key' } };
    if (area === 'me') return { status: 200, body: { name: 'toy' } };
    if (area === 'answers') return readAnswer(jobs.get(id));
    if (area === 'jobs' && request.method === 'POST') return submit(JSON.parse(body) as Record<string, string>);
    if (area === 'jobs' && id === '') return list(url.searchParams.get('tag') ?? '');
    const job = jobs.get(id);
    if (job === undefined || isGone(job)) return { status: 404, body: { message: 'no such job' } };
    return request.method === 'DELETE' ? stop(job) : read(job);
  }

  function submit({ kind, tag = '', url, parsed }: Record<string, string>): Reply {
    const operation = kind as Operation;
    count(`submits ${operation}`);
    const situation = scripted(operation);
    const nth = count(`${situation} submit`);
    if (situation === 'submit-rate-limited' && nth <= 3) return { status: 429, body: ERROR };
    if (situation === 'submit-rejected') return { status: 400, body: ERROR };
    if (situation === 'submit-refused-key') return { status: 401, body: ERROR };
    if (situation === 'submit-html-error' && nth === 1) return { status: 502, body: HTML };
    if (situation === 'submit-dropped-before-accept' && nth === 1) return { status: 0, act: 'drop' };
    const reuses = parsed?.replace(/^toy:/, '');
    const isForgotten = situation === 'reference-gone' && nth === 1;
    if (isForgotten || (reuses !== undefined && !jobs.has(reuses))) {
      return { status: 404, body: { message: 'no such document' } };
    }
    const job: ToyJob = {
      id: randomUUID(),
      kind: operation,
      tag,
      acceptedAt: lastNow,
      situation: situation === 'failed-transient' && nth > 1 ? 'happy' : situation,
      word,
      isLarge: url === LARGE,
      ended: null,
      answerRead: false,
    };
    jobs.set(job.id, job);
    fresh.add(job.id);
    const reply = { status: 202, body: { id: job.id } };
    if (nth > 1) return reply;
    if (situation === 'submit-error-after-accept') return { status: 503, body: ERROR };
    if (situation === 'submit-reply-cut-off') return { ...reply, act: 'cut' };
    if (situation === 'submit-reply-senseless') return { status: 200, body: {} };
    const isLost = situation === 'submit-dropped-after-accept' || situation === 'look-fails-at-first';
    return isLost ? { status: 0, act: 'drop' } : reply;
  }

  function read(job: ToyJob): Reply {
    const nth = count('reads');
    const reply = { status: 200, body: bodyOf(job) };
    if (job.situation === 'finished-body-unreadable')
      return { status: 200, body: { ...reply.body, state: 'DONE', answer: 5 } };
    if (nth > 3) return reply;
    switch (job.situation) {
      case 'read-rate-limited':
        return { status: 429, body: ERROR };
      case 'read-server-error':
        return { status: 500, body: ERROR };
      case 'read-html-error':
        return { status: 502, body: HTML };
      case 'read-refused-key':
        return { status: 401, body: ERROR };
      case 'read-dropped':
        return { status: 0, act: 'drop' };
      case 'read-cut-off':
        return { ...reply, act: 'cut' };
      case 'read-slow-body':
        return { ...reply, act: 'slow' };
      default:
        return reply;
    }
  }

  function stop(job: ToyJob): Reply {
    if (job.situation === 'cancel-fails-at-first' && count('stops') <= 2) return { status: 503, body: ERROR };
    const isOver = stateOf(job) !== 'WORKING' && stateOf(job) !== 'WAITING';
    if (job.situation === 'cancel-loses') job.ended ??= { state: 'DONE', at: lastNow };
    else if (!isOver && job.situation !== 'cancel-ignored') job.ended ??= { state: 'STOPPED', at: lastNow };
    return { status: 204 };
  }

  function list(tag: string): Reply {
    if (script.situation === 'look-fails-at-first' && count('lists') <= 2) return { status: 503, body: ERROR };
    const found = [...jobs.values()].filter((job) => job.tag === tag);
    return { status: 200, body: { jobs: found.map((job) => ({ id: job.id, state: stateOf(job) })) } };
  }

  function readAnswer(job: ToyJob | undefined): Reply {
    count('answers');
    if (job === undefined || job.answerRead) return { status: 410, body: { message: 'read before' } };
    job.answerRead = true;
    return job.situation === 'single-read-consumed' ? { status: 0, act: 'drop' } : { status: 200, body: answerOf(job) };
  }

  function stateOf({ situation, acceptedAt, ended, word: says }: ToyJob): string {
    if (ended !== null) return ended.state;
    const age = lastNow - acceptedAt;
    if (says !== undefined && age < HOUR_MS) return says;
    if (situation === 'queued-long' && age < 3 * HOUR_MS) return 'WAITING';
    if (situation === 'unknown-status' && age < HOUR_MS) return 'RETICULATING';
    const runsOn = situation === 'never-ends' || situation === 'cancelled-elsewhere' || situation.startsWith('cancel-');
    if (runsOn || age < LASTS_MS) return 'WORKING';
    return situation === 'failed' || situation === 'failed-transient' ? 'BROKEN' : 'DONE';
  }

  function bodyOf(job: ToyJob): Record<string, unknown> {
    const state = stateOf(job);
    if (state === 'DONE')
      return {
        id: job.id,
        state,
        pages: 2,
        ...(job.isLarge ? { answerPath: `/answers/${job.id}` } : { answer: answerOf(job) }),
      };
    if (state !== 'BROKEN') return { id: job.id, state };
    const again = job.situation === 'failed-transient';
    return { id: job.id, state, why: { code: 'NO_GOOD', text: 'the toy broke', again } };
  }

  const isGone = (job: ToyJob): boolean => job.situation === 'vanished' || lastNow - job.acceptedAt > RETENTION_MS;

  function vendorJob(job: ToyJob): VendorJob {
    const states: Record<string, VendorJob['state']> = { DONE: 'completed', BROKEN: 'failed', STOPPED: 'cancelled' };
    const state = isGone(job) ? 'gone' : (states[stateOf(job)] ?? 'running');
    return { operation: job.kind, jobId: job.id, state };
  }

  const server = createServer((request, response) => {
    void answer(request).then((reply) => send(reply, request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    document: SMALL,
    reset() {
      script = { situation: 'happy', operation: 'parse' };
      word = undefined;
      seen = {};
      fresh = new Set();
    },
    script(situation, operation) {
      script = { situation, operation };
      return situation.startsWith('single-read') ? { document: LARGE } : {};
    },
    sayWord: (said) => void (word = said),
    accepted: () => [...jobs.values()].filter((job) => fresh.has(job.id)).map(vendorJob),
    submits: (operation) => seen[`submits ${operation}`] ?? 0,
    requests: () => seen.requests ?? 0,
    bodyReads: () => seen.answers ?? 0,
    close() {
      jobs = new Map();
      server.closeAllConnections();
      server.close();
    },
  };
}

const answerOf = ({ kind }: ToyJob): object =>
  kind === 'parse' ? { pages: 2, text: 'a small document' } : { pages: 2, fields: { title: 'small' } };

function send({ status, body, act }: Reply, request: IncomingMessage, response: ServerResponse): void {
  if (act === 'drop') return void request.socket.destroy();
  if (body === undefined) return void response.writeHead(status).end();
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  response.writeHead(status, { 'content-length': bytes.length });
  if (act === 'cut') response.write(bytes.subarray(0, bytes.length >> 1), () => request.socket.destroy());
  else if (act === 'slow') setTimeout(() => response.end(bytes), 50);
  else response.end(bytes);
}
