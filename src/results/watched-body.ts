import type { ObjectBody } from './result-store.js';

/**
 * Lends a body to a write and lets go of it however the write ends, by its iterator's `return()`, even when none of it was read (the key had
 * an object already). A stream of Node's does not hear of that before it is read, and stays the caller's: it may be a request that is still
 * to be answered.
 * @param inWords what the store says of an error that is not the body's own.
 * @throws what the body's stream throws as it is, else what `inWords` makes of it.
 */
export async function lendBody<T>(
  body: ObjectBody,
  inWords: (error: unknown) => unknown,
  write: (body: WatchedBody) => Promise<T>,
): Promise<T> {
  const watched = new WatchedBody(body);
  try {
    return await write(watched);
  } catch (error) {
    throw watched.threw(error) ? error : inWords(error);
  } finally {
    await watched.giveUp();
  }
}

/**
 * A body as a store reads it. What its own stream throws can be told from what the store's disk or server does, since the first is passed
 * on as it is and the second becomes a `ResultStoreError`; and whoever gives up in the middle lets the stream's owner close what it reads from.
 */
export class WatchedBody {
  readonly #body: ObjectBody;
  #stream: AsyncIterator<Uint8Array> | undefined;
  #thrown: { error: unknown } | undefined;
  #isOver = false;

  /** Bytes are a stream of one piece. */
  constructor(body: ObjectBody) {
    this.#body = body;
  }

  /** @returns null at the end. @throws what the stream throws. */
  async next(): Promise<Uint8Array | null> {
    if (this.#isOver) return null;
    try {
      this.#stream ??= streamOf(this.#body);
      const next = await this.#stream.next();
      if (next.done !== true) return next.value;
      this.#isOver = true;
      return null;
    } catch (error) {
      this.#isOver = true;
      this.#thrown = { error };
      throw error;
    }
  }

  /** Whether the error is the stream's own. */
  threw(error: unknown): boolean {
    return this.#thrown !== undefined && this.#thrown.error === error;
  }

  /** Tells the stream that nobody reads on, unless it has ended. Never throws: the reason for giving up counts. */
  async giveUp(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      this.#stream ??= streamOf(this.#body);
      await this.#stream.return?.();
    } catch {
      // It could not close well what nobody wants any more.
    }
  }
}

function streamOf(body: ObjectBody): AsyncIterator<Uint8Array> {
  return body instanceof Uint8Array ? onePiece(body) : body[Symbol.asyncIterator]();
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
