import { createHash } from 'node:crypto';
import type { ResultStore, StoredObject } from '../../results/result-store.js';
import {
  bytesOf,
  expectFacts,
  expectNothing,
  expectObject,
  expectRejected,
  factsOf,
  JSON_TYPE,
  largePieces,
  NotAsPromised,
  piecesOf,
  put,
  type StoreCase,
} from './store-kit.js';

const PIECES = ['{"a":', '', '"', 'ä'.repeat(1_000), '"}'].map(bytesOf);
const WHOLE = Buffer.concat(PIECES);

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
    expected: 'put throws, nothing is readable, and a later put succeeds',
    async run({ store, key }) {
      await breaks(store, key(), () => piecesOf(PIECES, breaksAfter));
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
    expected: 'put throws, nothing is readable, and a later put succeeds',
    async run({ store, key, largeBytes }) {
      const pieces = Math.floor((largeBytes / 65_536) * 0.9);
      await breaks(store, key(), () => piecesOf(largePieces(largeBytes, 2), pieces));
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

async function breaks(store: ResultStore, key: string, stream: () => AsyncIterable<Uint8Array>): Promise<void> {
  await expectRejected('put of a stream that breaks', () => put(store, key, stream()));
  await expectNothing(store, key, 'after a stream that broke');
  await expectFacts('the later put', put(store, key, WHOLE), factsOf(WHOLE));
  await expectObject(store, key, WHOLE);
}

export function largeFacts(size: number, seed: number): StoredObject {
  const hash = createHash('sha256');
  for (const piece of largePieces(size, seed)) hash.update(piece);
  return { size, sha256: hash.digest('hex'), contentType: JSON_TYPE };
}

export async function expectLarge(store: ResultStore, key: string, expected: StoredObject): Promise<void> {
  await expectFacts('head', store.head(key), expected);
  const got = await store.get(key);
  if (got === null) throw new NotAsPromised('get: null');
  await expectFacts('get', { ...factsOf(got), contentType: expected.contentType }, expected);
}
