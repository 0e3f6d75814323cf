import type { StoredObject } from '../../results/result-store.js';
import {
  bytesIn,
  bytesOf,
  factsOf,
  NotAsPromised,
  largePieces,
  piecesOf,
  put,
  shown,
  type StoreCase,
} from './store-kit.js';
import { expectLarge, largeFacts } from './store-stream-cases.js';

const WRITERS = 12;
const ROUNDS = 3;

export const RACE_CASES: readonly StoreCase[] = [
  {
    situation: 'race',
    expected: 'of writers that meet exactly one wins, whole, and all answer with its facts',
    async run({ store, another = store, key }) {
      for (let round = 0; round < ROUNDS; round++) {
        const k = key();
        const bodies = Array.from({ length: WRITERS }, (_, i) => bytesOf(`${i} `.repeat(2_000 + i)));
        const answers = await Promise.all(
          bodies.map((body, i) => put(i % 2 === 0 ? store : another, k, i % 3 === 0 ? piecesOf([body]) : body)),
        );
        const stored = await bytesIn(store, k);
        expectOneWinner(
          answers,
          bodies.map((body) => factsOf(body)),
          factsOf(stored),
        );
      }
    },
  },
  {
    situation: 'large-race',
    expected: 'of two large streams that meet exactly one wins, whole, and both answer with its facts',
    async run({ store, another = store, key, largeBytes }) {
      const k = key();
      const answers = await Promise.all([
        put(store, k, piecesOf(largePieces(largeBytes, 5))),
        put(another, k, piecesOf(largePieces(largeBytes, 6))),
      ]);
      const [winner] = answers;
      expectOneWinner(answers, [largeFacts(largeBytes, 5), largeFacts(largeBytes, 6)], winner);
      await expectLarge(store, k, winner);
    },
  },
];

function expectOneWinner(answers: StoredObject[], put: StoredObject[], stored: StoredObject): void {
  if (!put.some((facts) => facts.sha256 === stored.sha256)) {
    throw new NotAsPromised(`what is stored is none of what was put, ${stored.size} bytes`);
  }
  const other = answers.find((facts) => facts.sha256 !== stored.sha256 || facts.size !== stored.size);
  if (other !== undefined) throw new NotAsPromised(`a writer was told ${shown(other)}, stored is ${shown(stored)}`);
}
