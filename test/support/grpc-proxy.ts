import {
  connect,
  createServer,
  type ClientHttp2Session,
  type ServerHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface GrpcProxy {
  address: string;
  /** Calls seen so far by method name (`RecordActivityTaskHeartbeat`). */
  counts: Map<string, number>;
  close(): Promise<void>;
}

/** Passes every gRPC call on to a Temporal server unchanged and counts them by method: heartbeats are billed but stand in no history. */
export async function startGrpcProxy(upstreamAddress: string): Promise<GrpcProxy> {
  const counts = new Map<string, number>();
  const upstream = connect(`http://${upstreamAddress}`);
  const server = createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    const method = String(headers[':path']).split('/').pop() ?? '';
    counts.set(method, (counts.get(method) ?? 0) + 1);
    forward(upstream, stream, headers);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    async close() {
      for (const session of sessions) session.destroy();
      upstream.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function forward(upstream: ClientHttp2Session, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  // Core's long polls still come while the proxy closes.
  if (upstream.destroyed) return stream.close();
  const request = upstream.request(headers);
  let trailers: IncomingHttpHeaders = {};
  const give = (): void => void (stream.destroyed || stream.close());
  request.on('response', (reply) => {
    if (stream.destroyed) return;
    // A call that fails at once answers with its trailers only.
    if (reply['grpc-status'] !== undefined) stream.respond(reply, { endStream: true });
    else stream.respond(reply, { waitForTrailers: true });
  });
  request.on('trailers', (sent: IncomingHttpHeaders) => void (trailers = sent));
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  request.on('data', (chunk: Buffer) => void (stream.writable && stream.write(chunk)));
  request.on('end', () => void (stream.writable && stream.end()));
  request.on('error', give);
  stream.on('data', (chunk: Buffer) => void request.write(chunk));
  stream.on('end', () => request.end());
  stream.on('error', () => request.close());
  stream.on('aborted', () => request.close());
}
