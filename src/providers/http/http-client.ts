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
  /** To the reply's headers, ms, of a call that answers only when its work is done. Default the limit of that name. */
  headersMs?: number;
  /** The body is a document: the headers' limit must not run while it is on its way. */
  isUpload?: boolean;
}

export interface HttpReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface HttpStream {
  status: 200;
  /** @throws VendorError, as `send` does. */
  bytes: AsyncIterable<Uint8Array>;
}

export interface HttpClient {
  /**
   * Sends one request, once: no retry, no redirect is followed (it would carry the key elsewhere).
   * @throws VendorError `unreachable` or, over the size limit, `invalid_reply`; the signal's own reason when it is aborted.
   */
  send(call: HttpCall, context: CallContext): Promise<HttpReply>;
  /**
   * The same, but a success's body is handed on as it comes, up to the same size. It must be read to its end or given up (`return()`).
   * @returns text instead of bytes for anything but a 200.
   */
  stream(call: HttpCall, context: CallContext): Promise<HttpReply | HttpStream>;
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
  /** Sends one request and hands its open reply to `use`; what goes wrong in either is the one error that providers throw. */
  async function open<T>(
    call: HttpCall,
    { signal }: CallContext,
    use: (reply: Dispatcher.ResponseData, failed: (error: unknown) => unknown) => Promise<T>,
  ): Promise<T> {
    const totalMs = call.totalMs ?? (call.isUpload === true ? limits.uploadMs : undefined);
    const headersMs = call.headersMs ?? (call.isUpload === true ? limits.uploadMs : undefined);
    const total = totalMs === undefined ? undefined : AbortSignal.timeout(totalMs);
    const signals = [signal, total].filter((one) => one !== undefined);
    let sent = false;
    const failed = (error: unknown): unknown => {
      if (signal?.aborted === true) return signal.reason;
      return error instanceof VendorError ? error : networkError(call.endpoint, error, sent);
    };
    try {
      const reply = await request(call.url, {
        dispatcher: agent.compose(onWriting(() => (sent = true))),
        method: call.method,
        headers: { accept: 'application/json', ...call.headers },
        ...(call.body === undefined ? {} : { body: call.body as Dispatcher.DispatchOptions['body'] & string }),
        ...(headersMs === undefined ? {} : { headersTimeout: headersMs }),
        ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
      });
      return await use(reply, failed);
    } catch (error) {
      throw failed(error);
    }
  }

  const whole = async (reply: Dispatcher.ResponseData, { endpoint }: HttpCall): Promise<HttpReply> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of capped(reply, limits.maxBodyBytes, endpoint)) chunks.push(chunk);
    return { status: reply.statusCode, headers: reply.headers, text: Buffer.concat(chunks).toString('utf8') };
  };

  return {
    send: (call, context) => open(call, context, (reply) => whole(reply, call)),
    stream: (call, context) =>
      open(call, context, async (reply, failed) => {
        if (reply.statusCode !== 200) return whole(reply, call);
        const bytes = naming(capped(reply, limits.maxBodyBytes, call.endpoint), failed);
        return { status: 200, bytes: releasing(bytes, reply) };
      }),
    close: () => agent.destroy(),
  };
}

/** Whoever gives up before the first byte frees the connection too: a generator that was never begun runs no clean-up. */
function releasing(
  bytes: AsyncGenerator<Uint8Array, void>,
  { body }: Dispatcher.ResponseData,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => bytes.next(),
      async return() {
        body.on('error', () => undefined).destroy();
        return bytes.return();
      },
    }),
  };
}

/** Throws what the body's own errors mean. */
async function* naming(
  bytes: AsyncIterable<Uint8Array>,
  failed: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* bytes;
  } catch (error) {
    throw failed(error);
  }
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

async function* capped(
  { body, headers }: Dispatcher.ResponseData,
  cap: number,
  endpoint: string,
): AsyncGenerator<Uint8Array, void> {
  let size = 0;
  if (Number(headers['content-length']) > cap) {
    body.on('error', () => undefined).destroy();
    throw tooLarge(cap, endpoint);
  }
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > cap) throw tooLarge(cap, endpoint);
    yield chunk;
  }
}

function tooLarge(cap: number, endpoint: string): VendorError {
  const reason = `the reply is larger than the limit of ${cap} bytes (limits.maxBodyBytes)`;
  return new VendorError({ kind: 'invalid_reply', endpoint, reason, sent: true, field: '' });
}
