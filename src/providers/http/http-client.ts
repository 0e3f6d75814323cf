import { Agent, type Dispatcher, request } from 'undici';
import type { CallContext } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { networkError } from './network-error.js';

/** Limits of one vendor's connections. */
export interface HttpLimits {
  /** To connect, TLS included, ms. Default 10,000. */
  connectMs: number;
  /** From the request to the reply's headers, ms. Default 30,000. Uploads have `uploadMs` instead. */
  headersMs: number;
  /** Longest silence inside a reply's body, ms. Default 30,000. */
  bodyMs: number;
  /** One whole upload, reply included, ms. Default 20 minutes. */
  uploadMs: number;
  /** Largest reply body that is taken, bytes. Default 256 MiB. A larger one is cut off and refused. */
  maxBodyBytes: number;
  /** Connections kept per origin. Default 64. */
  connections: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  connectMs: 10_000,
  headersMs: 30_000,
  bodyMs: 30_000,
  uploadMs: 20 * 60_000,
  maxBodyBytes: 256 * 1024 * 1024,
  connections: 64,
};

export interface HttpCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  /** `POST /parse_async`: what messages call it, never with a query. */
  endpoint: string;
  headers?: Record<string, string>;
  body?: Dispatcher.DispatchOptions['body'] | FormData;
  /** For the whole call, ms. Default none beyond the separate limits. */
  totalMs?: number;
  /** The body is a document: the headers' limit must not run while it is on its way. */
  isUpload?: boolean;
}

export interface HttpReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface HttpClient {
  /**
   * Sends one request, once: no retry, no redirect is followed (it would carry the key elsewhere).
   * @throws VendorError `unreachable` or, over the size limit, `invalid_reply`; the signal's own reason when it is aborted.
   */
  send(call: HttpCall, context: CallContext): Promise<HttpReply>;
  close(): Promise<void>;
}

/** One pool of connections for one vendor. */
export function createHttpClient(limits: HttpLimits): HttpClient {
  const agent = new Agent({
    connect: { timeout: limits.connectMs },
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.bodyMs,
    connections: limits.connections,
  });
  return {
    async send(call, { signal }) {
      const totalMs = call.totalMs ?? (call.isUpload === true ? limits.uploadMs : undefined);
      const total = totalMs === undefined ? undefined : AbortSignal.timeout(totalMs);
      const signals = [signal, total].filter((one) => one !== undefined);
      let sent = false;
      try {
        const reply = await request(call.url, {
          dispatcher: agent.compose(onWriting(() => (sent = true))),
          method: call.method,
          headers: { accept: 'application/json', ...call.headers },
          ...(call.body === undefined ? {} : { body: call.body as Dispatcher.DispatchOptions['body'] & string }),
          ...(call.isUpload === true ? { headersTimeout: limits.uploadMs } : {}),
          ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
        });
        const text = await readCapped(reply, limits.maxBodyBytes, call.endpoint);
        return { status: reply.statusCode, headers: reply.headers, text };
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof VendorError) throw error;
        throw networkError(call.endpoint, error, sent);
      }
    },
    close: () => agent.destroy(),
  };
}

/**
 * Tells when a request gets a connection and is about to be written. Before that it certainly did not leave; no list of error codes could
 * say it as surely.
 */
function onWriting(tell: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context) => {
      start?.(controller, context);
      if (!controller.aborted) tell();
    };
    return dispatch(options, handler);
  };
}

async function readCapped({ body, headers }: Dispatcher.ResponseData, cap: number, endpoint: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (Number(headers['content-length']) > cap) {
    body.on('error', () => undefined).destroy();
    throw tooLarge(cap, endpoint);
  }
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > cap) throw tooLarge(cap, endpoint);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLarge(cap: number, endpoint: string): VendorError {
  const reason = `the reply is larger than the limit of ${cap} bytes (limits.maxBodyBytes)`;
  return new VendorError({ kind: 'invalid_reply', endpoint, reason, sent: true, field: '' });
}
