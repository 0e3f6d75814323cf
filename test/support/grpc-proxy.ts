import {
  connect,
  createServer,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Gate } from './gate.js';

export interface GrpcProxy extends AsyncDisposable {
  address: string;
  /** Calls seen so far by method name (`RecordActivityTaskHeartbeat`). */
  counts: Map<string, number>;
}

/** Before the status in a reply's text: 0 = OK. */
export const GRPC_STATUS = 'grpc-status: ';

interface Reply {
  head: IncomingHttpHeaders;
  body: Buffer;
  trailers: IncomingHttpHeaders;
}

/**
 * Passes unary gRPC calls on to a Temporal server, each message through the gate first, and counts them by method: heartbeats are billed but
 * stand in no history. A message's text is its bytes: ids, names and JSON payloads can be read in them.
 */
export async function startGrpcProxy(upstreamAddress: string, gate: Gate = () => 'pass'): Promise<GrpcProxy> {
  const counts = new Map<string, number>();
  const server = createServer();
  const sessions = new Set<ServerHttp2Session>();
  let upstream: ClientHttp2Session | undefined;
  // A server that was killed and started again has the same address.
  const connected = (): ClientHttp2Session => {
    if (upstream === undefined || upstream.destroyed || upstream.closed) {
      upstream = connect(`http://${upstreamAddress}`).on('error', () => undefined);
    }
    return upstream;
  };
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    const kind = String(headers[':path']).split('/').pop() ?? '';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    stream.on('error', () => undefined);
    passOn(connected, kind, stream, headers, gate).catch(() => stream.destroyed || stream.close());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      upstream?.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

async function passOn(
  connected: () => ClientHttp2Session,
  kind: string,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  gate: Gate,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const asked = textOf(body);
  if ((await gate({ kind, phase: 'request', text: asked })) === 'drop') return stream.close();
  // Whoever died meanwhile has sent nothing.
  if (stream.destroyed) return;
  const reply = await send(connected(), stream, headers, body);
  const status = String(reply.trailers['grpc-status'] ?? reply.head['grpc-status']);
  const text = `${asked} ${textOf(reply.body)} ${GRPC_STATUS}${status}`;
  if ((await gate({ kind, phase: 'reply', text })) === 'drop') return stream.close();
  if (stream.destroyed) return;
  // A call that fails at once answers with its trailers only.
  if (reply.head['grpc-status'] !== undefined) return stream.respond(reply.head, { endStream: true });
  stream.on('wantTrailers', () => stream.sendTrailers(reply.trailers));
  stream.respond(reply.head, { waitForTrailers: true });
  stream.end(reply.body);
}

function send(
  upstream: ClientHttp2Session,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = upstream.request(headers);
    const reply: Reply = { head: {}, body: Buffer.alloc(0), trailers: {} };
    const chunks: Buffer[] = [];
    call.on('response', (head) => void (reply.head = head));
    call.on('trailers', (trailers: IncomingHttpHeaders) => void (reply.trailers = trailers));
    call.on('data', (chunk: Buffer) => void chunks.push(chunk));
    let isWhole = false;
    call.on('end', () => void (isWhole = true));
    call.on('error', reject);
    call.on('close', () => {
      if (isWhole) resolve({ ...reply, body: Buffer.concat(chunks) });
      else reject(new Error('the server broke off'));
    });
    // A poller that goes takes its long poll with it.
    stream.on('close', () => call.close());
    call.end(body);
  });
}

/** Each message has a flag (compressed) and a length before it. */
function textOf(body: Buffer): string {
  const texts: string[] = [];
  for (let at = 0; at + 5 <= body.length;) {
    const end = at + 5 + body.readUInt32BE(at + 1);
    const message = body.subarray(at + 5, end);
    texts.push((body[at] === 1 ? gunzipSync(message) : message).toString('latin1'));
    at = end;
  }
  return texts.join(' ');
}
