import { createHash } from 'node:crypto';
import type { ResultStore, StoredObject } from '../../results/result-store.js';
import {
  Broken,
  bytesOf,
  expectFacts,
  expectNothing,
  expectObject,
  expectRejected,
  factsOf,
  JSON_TYPE,
  largePieces,
  NotAsPromised,
  opened,
  piecesOf,
  put,
  type StoreCase,
} from './store-kit.js';

const PIECES = ['{"a":', '', '"', 'ä'.repeat(1_000), '"}'].map(bytesOf);
const WHOLE = Buffer.concat(PIECES);
const BREAKS = 'put throws the very error of the stream, nothing is readable, and a later put succeeds';

export const STREAM_CASES: readonly StoreCase[] = [
  {
    situation: 'stream',
    expected: 'pieces, empty ones too, become one object with the size and hash of the whole',
    async run({ store, key }) {
      const k = key();
      await expectFacts('put', put(store, k, piecesOf(PIECES)), factsOf(WHOLE));
      await expectObject(store, k, WHOLE);
    },
  },
  {
    situation: 'empty-stream',
    expected: 'a stream of no pieces becomes an object of no bytes',
    async run({ store, key }) {
      const k = key();
      await put(store, k, piecesOf([]));
      await expectObject(store, k, new Uint8Array());
    },
  },
  ...[0, 3].map((breaksAfter): StoreCase => ({
    situation: breaksAfter === 0 ? 'stream-breaks-at-once' : 'stream-breaks-in-the-middle',
    expected: BREAKS,
    async run({ store, key }) {
      await breaks(store, key(), (error) => piecesOf(PIECES, breaksAfter, error));
    },
  })),
  {
    situation: 'large-stream',
    expected: 'a large body comes back with the size and hash of what was put',
    async run({ store, key, largeBytes }) {
      const k = key();
      const expected = largeFacts(largeBytes, 1);
      await expectFacts('put', put(store, k, piecesOf(largePieces(largeBytes, 1))), expected);
      await expectLarge(store, k, expected);
    },
  },
  {
    situation: 'large-stream-breaks',
    expected: BREAKS,
    async run({ store, key, largeBytes }) {
      const pieces = Math.floor((largeBytes / 65_536) * 0.9);
      await breaks(store, key(), (error) => piecesOf(largePieces(largeBytes, 2), pieces, error));
    },
  },
  {
    situation: 'large-write-once',
    expected: 'a large body does not replace a small object, nor a small one a large object',
    async run({ store, key, largeBytes }) {
      const [small, large] = [key(), key()];
      const expected = largeFacts(largeBytes, 3);
      await put(store, small, WHOLE);
      await put(store, large, piecesOf(largePieces(largeBytes, 3)));
      await expectFacts('large put', put(store, small, piecesOf(largePieces(largeBytes, 4))), factsOf(WHOLE));
      await expectFacts('small put', put(store, large, WHOLE), expected);
      await expectObject(store, small, WHOLE);
      await expectFacts('head', store.head(large), expected);
    },
  },
];

async function breaks(
  store: ResultStore,
  key: string,
  stream: (error: Broken) => AsyncIterable<Uint8Array>,
): Promise<void> {
  const error = new Broken('the stream broke off');
  const thrown = await expectRejected('put of a stream that breaks', () => put(store, key, stream(error)));
  await expectNothing(store, key, 'after a stream that broke');
  await expectFacts('the later put', put(store, key, WHOLE), factsOf(WHOLE));
  await expectObject(store, key, WHOLE);
  // Who put a vendor's body tells the vendor's trouble from the store's by it.
  if (thrown !== error) throw new NotAsPromised(`put: ${String(thrown)} instead of the stream's own error`);
}

export function largeFacts(size: number, seed: number): StoredObject {
  const hash = createHash('sha256');
  for (const piece of largePieces(size, seed)) hash.update(piece);
  return { size, sha256: hash.digest('hex'), contentType: JSON_TYPE };
}

export async function expectLarge(store: ResultStore, key: string, expected: StoredObject): Promise<void> {
  await expectFacts('head', store.head(key), expected);
  await expectFacts('get', largeFactsOf(await opened(store, key), expected.contentType), expected);
}

/** Of a stream, without holding it. */
export async function largeFactsOf(bytes: AsyncIterable<Uint8Array>, contentType = JSON_TYPE): Promise<StoredObject> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of bytes) {
    hash.update(piece);
    size += piece.byteLength;
  }
  return { size, sha256: hash.digest('hex'), contentType };
}
