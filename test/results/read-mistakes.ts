import { type ResultStore, ResultStoreError } from '../../src/results/index.js';
import { readObject } from '../../src/results/read-object.js';

/** A wrong store, and the situations that must show it. */
export type Mistake = [mistake: string, spoil: (good: ResultStore) => Partial<ResultStore>, caught: string[]];

/** What somebody may get wrong about streams: those that `get` gives, and those that `put` is given. */
export const READ_MISTAKES: Mistake[] = [
  [
    'bytes instead of a stream',
    (good) => ({ get: async (key) => (await readObject(good, key)) as never }),
    ['round-trip', 'large-stream'],
  ],
  [
    'a stream of one piece, read whole before',
    (good) => ({ get: async (key) => piecesOf([(await readObject(good, key)) ?? new Uint8Array()]) }),
    ['read-in-pieces'],
  ],
  [
    'a read that breaks off is the end',
    (good) => ({ get: async (key) => endingAt(await good.get(key), 3) }),
    ['large-stream', 'two-readers', 'large-race'],
  ],
  ['a read that meets a delete is at its end', (good) => endingAtDelete(good), ['deleted-while-read']],
  [
    'the stream’s error becomes the store’s',
    (good) => ({
      put: (...args) =>
        good.put(...args).catch((error: Error) => {
          throw new ResultStoreError(error.message, true);
        }),
    }),
    ['stream-breaks-at-once', 'stream-breaks-in-the-middle', 'large-stream-breaks'],
  ],
  ['a reader is let go of at the end only', (good) => pooled(good, false), ['reading-left-early']],
  ['a reader is let go of once it has begun only', (good) => pooled(good, true), ['reading-left-early']],
  ['readers share one stream', (good) => sharing(good), ['two-readers']],
];

export async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

async function* piecesOf(pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

type Bytes = AsyncIterable<Uint8Array> | null;

function endingAt(bytes: Bytes, pieces: number): Bytes {
  async function* read(all: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let given = 0;
    for await (const piece of all) {
      if (given++ === pieces) return;
      yield piece;
    }
  }
  return bytes === null ? null : read(bytes);
}

function endingAtDelete(good: ResultStore): Partial<ResultStore> {
  const deleted = new Set<string>();
  async function* read(key: string, all: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of all) {
      if (deleted.has(key)) return;
      yield piece;
    }
  }
  return {
    async get(key) {
      const all = await good.get(key);
      return all === null ? null : read(key, all);
    },
    async delete(key) {
      await good.delete(key);
      deleted.add(key);
    },
  };
}

/** A client with few connections. @param closesOnceBegun as a generator with `finally` does it. */
function pooled(good: ResultStore, closesOnceBegun: boolean): Partial<ResultStore> {
  let free = 20;
  async function* read(all: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let isOver = false;
    try {
      yield* all;
      isOver = true;
    } finally {
      if (isOver || closesOnceBegun) free += 1;
    }
  }
  return {
    async get(key) {
      const all = await good.get(key);
      if (all === null) return null;
      if (free === 0) throw new ResultStoreError('all connections are in use', true);
      free -= 1;
      return read(all);
    },
  };
}

function sharing(good: ResultStore): Partial<ResultStore> {
  const shared = new Map<string, AsyncIterator<Uint8Array>>();
  async function* read(key: string, all: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const stream = shared.get(key) ?? all[Symbol.asyncIterator]();
    shared.set(key, stream);
    try {
      for (let next = await stream.next(); next.done !== true; next = await stream.next()) yield next.value;
    } finally {
      shared.delete(key);
    }
  }
  return {
    async get(key) {
      const all = await good.get(key);
      return all === null ? null : read(key, all);
    },
  };
}
