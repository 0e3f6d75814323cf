import { Agent, type Dispatcher, request } from 'undici';
import type { CallContext } from '../provider.js';
import { redact } from '../redact.js';
import { VendorError } from '../vendor-error.js';
import { FileForm } from './file-form.js';
import { networkError } from './network-error.js';
import { UrlRefusedError } from './pinned-lookup.js';
import { replyBytes } from './reply-bytes.js';
import type { UrlGuard } from './url-guard.js';
import { parseUrl } from '../../jobs/parse-url.js';

/** What of a result may wait here for its reader, bytes: larger pieces are fewer. */
const RESULT_BUFFER = 512 * 1024;

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
  /** One whole result that lies behind a URL of the vendor's, ms. Default 20 minutes. */
  fetchMs: number;
  /** Largest reply body that is taken, bytes, uncompressed. Default 256 MiB. A larger one is cut off and refused. */
  maxBodyBytes: number;
  /** Connections kept per origin. Default 64. */
  connections: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  connectMs: 10_000,
  headersMs: 30_000,
  bodyMs: 30_000,
  uploadMs: 20 * 60_000,
  fetchMs: 20 * 60_000,
  maxBodyBytes: 256 * 1024 * 1024,
  connections: 64,
};

export interface HttpCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  /** `POST /parse_async`: what messages call it, never with a query. */
  endpoint: string;
  headers?: Record<string, string>;
  body?: Dispatcher.DispatchOptions['body'] | FileForm;
  /** The URL is a vendor's word: which field of a reply named it. It must get past the guard, and leads nowhere else. */
  namedBy?: string;
  /** Redirects of such a URL that a GET follows, each to a URL that gets past the guard too. Default none: a redirect is an error. */
  redirects?: number;
  /** For the whole call, ms. Default none beyond the separate limits; `fetchMs` for a URL that a vendor named. */
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
  headers: HttpReply['headers'];
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

/**
 * One pool of connections for one vendor.
 * @param guard decides where they may go. Without one they go anywhere, but to no URL that a vendor named.
 */
export function createHttpClient(limits: HttpLimits, guard?: UrlGuard): HttpClient {
  const agent = new Agent({
    connect: guard?.connector(limits.connectMs) ?? { timeout: limits.connectMs },
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
    const wholeMs = call.namedBy === undefined ? undefined : limits.fetchMs;
    const totalMs = call.totalMs ?? (call.isUpload === true ? limits.uploadMs : wholeMs);
    const headersMs = call.headersMs ?? (call.isUpload === true ? limits.uploadMs : undefined);
    const total = totalMs === undefined ? undefined : AbortSignal.timeout(totalMs);
    const signals = [signal, total].filter((one) => one !== undefined);
    const form = call.body instanceof FileForm ? call.body : undefined;
    const body = call.body instanceof FileForm ? call.body.stream : call.body;
    let sent = false;
    const failed = (error: unknown): unknown => {
      if (signal?.aborted === true) return signal.reason;
      if (error instanceof UrlRefusedError) return refused(call, error.message);
      return error instanceof VendorError ? error : networkError(call.endpoint, error, sent);
    };
    const ask = (url: string): Promise<Dispatcher.ResponseData> => {
      if (call.namedBy !== undefined) {
        const refusal = guard === undefined ? 'this client has no guard' : guard.refusal(url);
        if (refusal !== null) throw refused(call, refusal);
      }
      return request(url, {
        dispatcher: agent.compose(onWriting(() => (sent = true))),
        method: call.method,
        ...(call.namedBy === undefined ? {} : { highWaterMark: RESULT_BUFFER }),
        headers: { accept: 'application/json', ...form?.headers, ...call.headers },
        ...(body === undefined ? {} : { body }),
        ...(headersMs === undefined ? {} : { headersTimeout: headersMs }),
        ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
      });
    };
    try {
      let url = call.url;
      let reply = await ask(url);
      for (let left = call.redirects ?? 0; call.namedBy !== undefined && isRedirect(reply); left -= 1) {
        giveUp(reply);
        const next = left > 0 ? targetOf(reply, url) : null;
        if (next === null) throw redirected(call, reply);
        reply = await ask((url = next));
      }
      return await use(reply, failed);
    } catch (error) {
      throw failed(error);
    }
  }

  const whole = async (reply: Dispatcher.ResponseData, { endpoint }: HttpCall): Promise<HttpReply> => {
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of replyBytes(reply, limits.maxBodyBytes, endpoint)) chunks.push(chunk);
    } catch (error) {
      // An error's status counts, whatever is wrong with its words.
      if (!(error instanceof VendorError) || reply.statusCode < 400) throw error;
      chunks.length = 0;
    }
    return { status: reply.statusCode, headers: reply.headers, text: Buffer.concat(chunks).toString('utf8') };
  };

  return {
    send: (call, context) => open(call, context, (reply) => whole(reply, call)),
    stream: (call, context) =>
      open(call, context, async (reply, failed) => {
        if (reply.statusCode !== 200) return whole(reply, call);
        const bytes = naming(replyBytes(reply, limits.maxBodyBytes, call.endpoint), failed);
        return { status: 200, headers: reply.headers, bytes: releasing(bytes, reply) };
      }),
    close: () => agent.destroy(),
  };
}

/** `sent`: the vendor has answered, and with this URL. */
function refused({ endpoint, namedBy = '' }: HttpCall, words: string): VendorError {
  const reason = `the URL is refused: ${redact(words)}`;
  return new VendorError({ kind: 'invalid_reply', endpoint, reason, sent: true, field: namedBy });
}

const isRedirect = ({ statusCode }: Dispatcher.ResponseData): boolean => statusCode >= 300 && statusCode < 400;

const giveUp = ({ body }: Dispatcher.ResponseData): void => void body.on('error', () => undefined).destroy();

function targetOf({ headers: { location } }: Dispatcher.ResponseData, from: string): string | null {
  return typeof location === 'string' ? (parseUrl(location, from)?.href ?? null) : null;
}

/** Where to is not said: it may be signed. Whoever redirects today may serve tomorrow. */
function redirected({ endpoint }: HttpCall, { statusCode: httpStatus }: Dispatcher.ResponseData): VendorError {
  const reason = `${httpStatus} a redirect, which is not followed`;
  return new VendorError({ kind: 'server', endpoint, httpStatus, reason, sent: true });
}

/** Whoever gives up before the first byte frees the connection too: a generator that was never begun runs no clean-up. */
function releasing(bytes: AsyncGenerator<Uint8Array, void>, reply: Dispatcher.ResponseData): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => bytes.next(),
      async return() {
        giveUp(reply);
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
