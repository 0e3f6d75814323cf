import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gate, Message } from './gate.js';

export interface HttpProxy extends AsyncDisposable {
  url: string;
}

interface Reply {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/**
 * Passes calls on to a server, each message through the gate first.
 * @param kindOf what a call is for; null for what passes unasked.
 */
export async function startHttpProxy(
  upstream: string,
  kindOf: (method: string, path: string) => string | null,
  gate: Gate,
): Promise<HttpProxy> {
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url: path = '/' } = incoming;
    const kind = kindOf(method, path);
    const ask = (phase: Message['phase'], text: string) =>
      kind === null ? 'pass' : gate({ kind, phase, text: `${method} ${path} ${text}` });
    passOn(upstream, incoming, outgoing, ask).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

type Ask = (phase: Message['phase'], text: string) => ReturnType<Gate>;

async function passOn(upstream: string, incoming: IncomingMessage, outgoing: ServerResponse, ask: Ask): Promise<void> {
  const body = await bytesOf(incoming);
  const asked = body.toString('utf8');
  const verdict = await ask('request', asked);
  // Whoever died meanwhile has sent nothing.
  if (verdict === 'drop' || outgoing.destroyed) return void outgoing.destroy();
  const headers = verdict === 'wrong-key' ? withWrongKey(incoming.headers) : incoming.headers;
  const reply = await send(new URL(incoming.url ?? '/', upstream), { ...incoming, headers }, async (call) => {
    if (verdict !== 'half') return void call.end(body);
    call.write(body.subarray(0, body.length / 2));
    if ((await ask('half', asked)) === 'drop') call.destroy();
    else call.end(body.subarray(body.length / 2));
  });
  const answered = `${asked} ${reply.body.toString('utf8')}`;
  const last = await ask('reply', answered);
  if (last === 'drop' || outgoing.destroyed) return void outgoing.destroy();
  outgoing.writeHead(reply.status, { ...reply.headers, 'content-length': reply.body.length });
  if (last === 'half') {
    outgoing.write(reply.body.subarray(0, reply.body.length / 2));
    if ((await ask('half', answered)) === 'drop') return void outgoing.destroy();
    outgoing.end(reply.body.subarray(reply.body.length / 2));
  } else outgoing.end(reply.body);
}

const withWrongKey = (headers: IncomingMessage['headers']): IncomingMessage['headers'] => ({
  ...headers,
  ...('authorization' in headers ? { authorization: 'Bearer revoked' } : { 'x-api-key': 'revoked' }),
});

function send(
  url: URL,
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  write: (call: ReturnType<typeof request>) => Promise<void>,
): Promise<Reply> {
  // A body that was sent in chunks has a length now.
  const { 'transfer-encoding': _chunked, ...sent } = headers;
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers: sent }, (reply) => {
      const { statusCode: status = 502, headers: answered } = reply;
      const { 'transfer-encoding': _, ...kept } = answered;
      bytesOf(reply).then((body) => resolve({ status, headers: kept, body }), reject);
    });
    call.on('error', reject);
    write(call).catch(reject);
  });
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
