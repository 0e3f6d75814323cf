import { createHash } from 'node:crypto';
import type { ResultStore, StoredObject } from '../../results/result-store.js';
import {
  expectFacts,
  expectNothing,
  JSON_TYPE,
  largePieces,
  NotAsPromised,
  opened,
  piecesOf,
  put,
  shown,
  type StoreCase,
} from './store-kit.js';
import { largeFacts, largeFactsOf } from './store-stream-cases.js';

/** Half of them is more than a client's pool has connections: one that is not let go of is missed by then. */
const LEFT = 104;
/** More than comes in one piece of most. */
const MIDDLE_BYTES = 512 * 1024;

export const READ_CASES: readonly StoreCase[] = [
  {
    situation: 'read-in-pieces',
    expected: 'a large body comes in pieces, none of which is half of it',
    async run(kit) {
      const { key } = await given(kit.store, kit.key(), kit.largeBytes, 10);
      let largest = 0;
      for await (const piece of await opened(kit.store, key)) largest = Math.max(largest, piece.byteLength);
      if (largest <= kit.largeBytes / 2) return;
      throw new NotAsPromised(`a piece of ${largest} bytes of a body of ${kit.largeBytes}`);
    },
  },
  {
    situation: 'reading-left-early',
    expected: `${LEFT} readers that leave, before or after the first piece, are let go, and the object stays readable`,
    async run(kit) {
      const { key, facts } = await given(kit.store, kit.key(), MIDDLE_BYTES, 11);
      for (let reader = 0; reader < LEFT; reader++) {
        const stream = (await opened(kit.store, key))[Symbol.asyncIterator]();
        if (reader % 2 === 0) await stream.next();
        await stream.return?.();
        const after = await stream.next();
        if (after.done !== true) throw new NotAsPromised('a stream that was left goes on');
      }
      await expectFacts('get', largeFactsOf(await opened(kit.store, key)), facts);
      await kit.store.delete(key);
      await expectNothing(kit.store, key, 'after delete');
    },
  },
  {
    situation: 'two-readers',
    expected: 'readers of one object each get the whole of it, whichever is faster',
    async run({ store, another = store, key: newKey, largeBytes }) {
      const { key, facts } = await given(store, newKey(), largeBytes, 12);
      const streams = await Promise.all([opened(store, key), opened(another, key)]);
      const got = await Promise.all(streams.map((stream) => largeFactsOf(stream)));
      for (const one of got) await expectFacts('get', one, facts);
    },
  },
  {
    situation: 'deleted-while-read',
    expected: 'the reader gets the whole object or an error, never an end before its end',
    async run(kit) {
      for (const [round, begun] of [true, false].entries()) {
        const { key, facts } = await given(kit.store, kit.key(), kit.largeBytes, 13 + round);
        const got = await readWhileDeleted(kit.store, key, begun);
        if (got !== 'error' && (got.size !== facts.size || got.sha256 !== facts.sha256)) {
          throw new NotAsPromised(`the stream ended after ${got.size} of ${facts.size} bytes: ${shown(got)}`);
        }
        await expectNothing(kit.store, key, 'after delete');
      }
    },
  },
];

async function given(
  store: ResultStore,
  key: string,
  size: number,
  seed: number,
): Promise<{ key: string; facts: StoredObject }> {
  const facts = largeFacts(size, seed);
  await expectFacts('put', put(store, key, piecesOf(largePieces(size, seed))), facts);
  return { key, facts };
}

/** @param begun whether a piece has come when the object is deleted. */
async function readWhileDeleted(store: ResultStore, key: string, begun: boolean): Promise<StoredObject | 'error'> {
  const stream = (await opened(store, key))[Symbol.asyncIterator]();
  const hash = createHash('sha256');
  let size = 0;
  const next = async (): Promise<boolean> => {
    const piece = await stream.next();
    if (piece.done === true) return false;
    hash.update(piece.value);
    size += piece.value.byteLength;
    return true;
  };
  try {
    if (begun) await next();
    await store.delete(key);
    while (await next());
    return { size, sha256: hash.digest('hex'), contentType: JSON_TYPE };
  } catch {
    return 'error';
  }
}
