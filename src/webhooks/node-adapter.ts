import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebhookHandler } from './create-webhook-handler.js';

/** For `http.createServer`, and as a handler or a mounted middleware of express and its like. */
export type NodeWebhookHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What frameworks add to Node's request. */
interface FrameworkRequest {
  /** What a body parser made. */
  body?: unknown;
  /** The whole path, where `url` has lost what the router was mounted under. */
  originalUrl?: string;
}

const EATEN =
  'the webhook receiver got a body that was read before: its signature is over the raw bytes. Mount it before express.json() and other ' +
  "body parsers, or give its path express.raw({ type: '*/*' })";

/** How long the rest of a body may come that nobody reads, so that the sender sees the answer before the connection ends. */
const LINGER_MS = 1_000;

/**
 * Mounts the receiver where requests are Node's. Uses nothing of Node itself.
 *
 * A body that a parser has read already is answered with 500, and stderr says what to do. It never rejects.
 */
export function toNodeHandler(handler: WebhookHandler): NodeWebhookHandler {
  return async (incoming, outgoing) => {
    const raw = rawBody(incoming);
    if (raw === null) {
      console.error(EATEN);
      outgoing.writeHead(500).end();
      return;
    }
    const request = toRequest(incoming, raw);
    if (request === null) {
      outgoing.writeHead(400, { connection: 'close' }).end();
      return;
    }
    const response = await handler(request);
    const isUnread = raw !== undefined && !(raw instanceof Uint8Array) && !incoming.complete;
    outgoing.writeHead(response.status, {
      ...Object.fromEntries(response.headers),
      ...(isUnread ? { connection: 'close' } : {}),
    });
    outgoing.end();
    if (isUnread) letGo(incoming);
  };
}

/** @returns bytes that a raw parser kept, or the request to be read; undefined for a method without a body; null when the bytes are lost. */
function rawBody(incoming: IncomingMessage & FrameworkRequest): Uint8Array | IncomingMessage | undefined | null {
  if (incoming.method === 'GET' || incoming.method === 'HEAD') return undefined;
  if (incoming.body instanceof Uint8Array) return incoming.body;
  return incoming.readableDidRead || incoming.readableEnded ? null : incoming;
}

/** @returns null for what no `Request` can be made of, such as the method TRACE. */
function toRequest(
  incoming: IncomingMessage & FrameworkRequest,
  raw: Uint8Array | IncomingMessage | undefined,
): Request | null {
  const { method = 'GET', url = '/', originalUrl = url } = incoming;
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      // Several of one name come joined; the rest of the lists are none of a webhook's.
      if (typeof value === 'string') headers.set(name, value);
    }
    // Which host was asked is nobody's business here, and what stands in its header need not be one.
    const place = new URL(`http://localhost${originalUrl.startsWith('/') ? originalUrl : '/'}`);
    if (raw === undefined) return new Request(place, { method, headers });
    const body = raw instanceof Uint8Array ? new Uint8Array(raw) : streamOf(raw);
    return new Request(place, { method, headers, body, duplex: 'half' });
  } catch {
    return null;
  }
}

function streamOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
  return new ReadableStream({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(new Uint8Array(next.value));
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}

function letGo(incoming: IncomingMessage): void {
  incoming.on('error', () => undefined);
  const timer = setTimeout(() => incoming.destroy(), LINGER_MS);
  incoming.once('close', () => clearTimeout(timer));
  incoming.resume();
}
