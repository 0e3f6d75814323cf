import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { SandboxEnv } from './core.js';
import type { CallAct } from './fault-rules.js';
import { pause } from './pause.js';

type Call = Context<SandboxEnv>;

const BAD_GATEWAY =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

/** The answer of a fault that keeps the call from being carried out; null when it is carried out first. */
export function answerInstead(act: CallAct | null, c: Call, rateLimited: () => Response): Response | null {
  if (act === null) return null;
  if (act === 'drop-before-accept') return dropConnection(c);
  if (act === 'rate-limited') return rateLimited();
  if (act === 'html-502') {
    return new Response(BAD_GATEWAY, { status: 502, headers: { 'content-type': 'text/html' } });
  }
  return typeof act === 'object' && 'status' in act && act.accept !== true ? scripted(act) : null;
}

/** What becomes of the answer of a call that was carried out. */
export async function answerWith(act: CallAct, c: Call, closing: AbortSignal): Promise<Response> {
  if (act === 'truncate-body') return truncate(c);
  if (typeof act === 'object' && 'slowBodyMs' in act) return slowBody(c, act.slowBodyMs, closing);
  if (typeof act === 'object' && 'status' in act) return scripted(act);
  if (typeof act === 'object') await pause(act.slowHeadersMs, closing);
  return c.res;
}

/** Ends the connection without a word, as a lost network does. */
export function dropConnection(c: Call): Response {
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

function scripted({ status, body, headers }: Extract<CallAct, { status: number }>): Response {
  if (body === undefined) return new Response(null, { status, ...(headers && { headers }) });
  const [text, type] = typeof body === 'string' ? [body, 'text/plain'] : [JSON.stringify(body), 'application/json'];
  return new Response(text, { status, headers: { 'content-type': type, ...headers } });
}

async function truncate(c: Call): Promise<Response> {
  const body = await writeHead(c);
  c.env.outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => c.env.incoming.socket.destroy());
  return RESPONSE_ALREADY_SENT;
}

async function slowBody(c: Call, ms: number, closing: AbortSignal): Promise<Response> {
  const body = await writeHead(c);
  c.env.outgoing.flushHeaders();
  await pause(ms, closing);
  c.env.outgoing.end(body);
  return RESPONSE_ALREADY_SENT;
}

/** Writes the head of the finished answer past hono. @returns the body that it announces */
async function writeHead({ res, env }: Call): Promise<Buffer> {
  const body = Buffer.from(await res.arrayBuffer());
  env.outgoing.writeHead(res.status, { ...Object.fromEntries(res.headers), 'content-length': body.length });
  return body;
}
