import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What becomes of one call. `reply`: S3's own error, without asking the server; `lost`: carried out, and the reply dropped. */
export type S3Fault =
  | { reply: number; code?: string }
  | 'drop'
  | 'hang'
  | 'lost'
  /** The reply breaks off in the middle of its body. */
  | 'cut'
  /** The reply stops in the middle of its body. */
  | 'stall'
  /** The reply's body comes in quarters, 300 ms apart. */
  | 'trickle';

/** Which call it is: `PUT`, `GET`, `HEAD`, `DELETE`, `CREATE`, `PART 1`, `COMPLETE`, `ABORT`, `LIST`. */
export type S3Call = string;

export interface S3Faults extends AsyncDisposable {
  endpoint: string;
  /** All calls so far, in their order. */
  calls: { call: S3Call; headers: IncomingMessage['headers'] }[];
  /** Asked before each call; undefined: pass it on. */
  fault: (call: S3Call) => S3Fault | undefined;
}

/** Stands before a real S3 server and does to calls what it never would. */
export async function startS3Faults(upstream: string): Promise<S3Faults> {
  const faults: S3Faults = {
    endpoint: '',
    calls: [],
    fault: () => undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
  const server = createServer((incoming, outgoing) => {
    const call = callOf(incoming);
    faults.calls.push({ call, headers: incoming.headers });
    answer(upstream, incoming, outgoing, faults.fault(call)).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  faults.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return faults;
}

function callOf({ method = 'GET', url = '/' }: IncomingMessage): S3Call {
  const { searchParams: query } = new URL(url, 'http://any');
  if (query.has('partNumber')) return `PART ${query.get('partNumber')}`;
  if (query.has('uploadId')) return method === 'POST' ? 'COMPLETE' : 'ABORT';
  if (query.has('uploads')) return method === 'POST' ? 'CREATE' : 'LIST';
  return method;
}

async function answer(
  upstream: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: S3Fault | undefined,
): Promise<void> {
  const body = await bytesOf(incoming);
  if (fault === 'hang') return;
  if (fault === 'drop') return void outgoing.destroy();
  if (typeof fault === 'object') {
    // As S3 does it: no body, hence no code, for HEAD.
    const code = fault.code ?? 'InternalError';
    const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${LEAKY}</Message></Error>`;
    outgoing.writeHead(fault.reply, { 'content-type': 'application/xml', 'x-amz-request-id': 'R1' });
    return void outgoing.end(incoming.method === 'HEAD' ? undefined : text);
  }
  const reply = await send(upstream, incoming, body);
  if (fault === 'lost') return void outgoing.destroy();
  outgoing.writeHead(reply.status, reply.headers);
  if (fault === undefined) return void outgoing.end(reply.body);
  if (fault === 'trickle') return trickle(outgoing, reply.body);
  outgoing.write(reply.body.subarray(0, reply.body.length / 2));
  if (fault === 'cut') setTimeout(() => outgoing.destroy(), 50);
}

async function trickle(outgoing: ServerResponse, body: Buffer): Promise<void> {
  const quarter = Math.ceil(body.length / 4);
  for (let at = 0; at < body.length; at += quarter) {
    outgoing.write(body.subarray(at, at + quarter));
    await sleep(300);
  }
  outgoing.end();
}

/** What a server may write into its messages. */
export const LEAKY = 'arn:aws:iam::123456789012:user/x https://h/?X-Amz-Signature=canary-signature';

type Reply = { status: number; headers: IncomingMessage['headers']; body: Buffer };

function send(upstream: string, { method, url = '/', headers }: IncomingMessage, body: Buffer): Promise<Reply> {
  const target = new URL(url, upstream);
  return new Promise((resolve, reject) => {
    const call = request(target, { method, headers: { ...headers, host: target.host } }, (reply) => {
      const { statusCode: status = 502, headers: answered } = reply;
      bytesOf(reply).then((all) => resolve({ status, headers: answered, body: all }), reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
