import { RACE_CASES } from './store-race-cases.js';
import { READ_CASES } from './store-read-cases.js';
import { STREAM_CASES } from './store-stream-cases.js';
import {
  bytesOf,
  expectBytes,
  expectFacts,
  expectNothing,
  expectObject,
  expectRejected,
  factsOf,
  NotAsPromised,
  opened,
  put,
  shown,
  type StoreCase,
} from './store-kit.js';

const FIRST = bytesOf('{"first":"ä"}');
const OTHER = bytesOf('{"other":[1,2,3]}');

const EVERY_BYTE = Uint8Array.from({ length: 256 * 5 + 1 }, (_, at) => at % 256);

/** What could leave the store's folder or prefix, hide in it, or be read another way by some store. */
const HOSTILE_KEYS = [
  '',
  '/',
  '..',
  '../escape.json',
  'a/../../escape.json',
  'a/..',
  'a/./b.json',
  'a//b.json',
  'a/',
  '/etc/passwd',
  '.hidden',
  'a/.tmp/b.json',
  'a\\..\\b.json',
  'C:\\b.json',
  'a\0b.json',
  'a\nb.json',
  'a b.json',
  'ü.json',
  '%2e%2e/b.json',
  'a?b.json',
  'a#b.json',
  '~/b.json',
  `${'n'.repeat(300)}.json`,
];

const OBJECT_CASES: readonly StoreCase[] = [
  {
    situation: 'round-trip',
    expected: 'put answers with size, sha256 and content type; head says the same, get has the bytes',
    async run({ store, key }) {
      const k = key();
      await expectFacts('put', put(store, k, FIRST), factsOf(FIRST));
      await expectObject(store, k, FIRST);
    },
  },
  {
    situation: 'empty-body',
    expected: 'an object of no bytes is an object',
    async run({ store, key }) {
      const k = key();
      const nothing = new Uint8Array();
      await expectFacts('put', put(store, k, nothing), factsOf(nothing));
      await expectObject(store, k, nothing);
    },
  },
  {
    situation: 'binary',
    expected: 'every byte value comes back as it was',
    async run({ store, key }) {
      const k = key('.bin');
      await put(store, k, EVERY_BYTE, 'application/octet-stream');
      await expectObject(store, k, EVERY_BYTE, 'application/octet-stream');
    },
  },
  {
    situation: 'content-type',
    expected: 'the content type is that of the put, whatever the key looks like',
    async run({ store, key }) {
      for (const [extension, type] of [
        ['', 'text/plain'],
        ['.json', 'image/png'],
        ['.png', 'application/json'],
        ['.txt', 'text/plain; charset=utf-8'],
      ] as const) {
        const k = key(extension);
        await expectFacts('put', put(store, k, FIRST, type), factsOf(FIRST, type));
        await expectObject(store, k, FIRST, type);
      }
    },
  },
  {
    situation: 'write-once',
    expected: 'a second put changes nothing and answers with the facts of the first',
    async run({ store, key }) {
      const k = key();
      await put(store, k, FIRST);
      await expectFacts('second put', put(store, k, OTHER, 'text/plain'), factsOf(FIRST));
      await expectFacts('the same again', put(store, k, FIRST), factsOf(FIRST));
      await expectObject(store, k, FIRST);
    },
  },
  {
    situation: 'absent',
    expected: 'head and get answer null, delete does nothing',
    async run({ store, key }) {
      const k = key();
      await expectNothing(store, k, 'of a key never put');
      await store.delete(k);
      await expectNothing(store, k, 'after its delete');
    },
  },
  {
    situation: 'delete',
    expected: 'nothing of a deleted object is left, and the key is free for another one',
    async run({ store, key }) {
      const k = key('.txt');
      await put(store, k, FIRST, 'text/plain');
      await store.delete(k);
      await expectNothing(store, k, 'after delete');
      await store.delete(k);
      await expectFacts('put after delete', put(store, k, OTHER), factsOf(OTHER));
      await expectObject(store, k, OTHER);
    },
  },
  {
    situation: 'neighbours',
    expected: 'keys that begin alike are objects of their own',
    async run({ store, key }) {
      const k = key('');
      const more = [`${k}.json`, `${k}.claim.json`, `${k}-2/a.json`];
      for (const one of more) await put(store, one, bytesOf(one));
      await store.delete(`${k}.json`);
      await expectNothing(store, `${k}.json`, 'after delete');
      for (const one of more.slice(1)) await expectObject(store, one, bytesOf(one));
      for (const one of more) await store.delete(one);
    },
  },
  {
    situation: 'own-copy',
    expected: 'bytes that a caller changes afterwards, put or got, do not change the object',
    async run({ store, key }) {
      const k = key();
      const given = Buffer.from(FIRST);
      await put(store, k, given);
      given.fill(0);
      for await (const piece of await opened(store, k)) piece.fill(0);
      await expectBytes(store, k, FIRST);
    },
  },
  {
    situation: 'hostile-keys',
    expected: 'every call refuses the key with a ResultStoreError that is not retryable',
    async run({ store }) {
      for (const hostile of HOSTILE_KEYS) {
        const calls = {
          put: () => put(store, hostile, FIRST),
          head: () => store.head(hostile),
          get: () => store.get(hostile),
          delete: () => store.delete(hostile),
        };
        for (const [name, call] of Object.entries(calls)) {
          const what = `${name} of ${shown(hostile)}`;
          const error = (await expectRejected(what, call)) as { name?: unknown; retryable?: unknown };
          if (error.name === 'ResultStoreError' && error.retryable === false) continue;
          throw new NotAsPromised(`${what}: ${String(error.name)}, retryable: ${String(error.retryable)}`);
        }
      }
    },
  },
  {
    situation: 'long-key',
    expected: 'a key of four segments of 120 characters is taken',
    async run({ store, key }) {
      const k = `${key('')}/${['a', 'B', '0'].map((letter) => letter.repeat(120)).join('/')}.json`;
      await put(store, k, FIRST);
      await expectObject(store, k, FIRST);
      await store.delete(k);
    },
  },
  {
    situation: 'another-worker',
    expected: 'another store object on the same place sees, keeps and deletes the same objects',
    needsAnother: true,
    async run({ store, another = store, key }) {
      const k = key('.txt');
      await put(store, k, FIRST, 'text/plain');
      await expectObject(another, k, FIRST, 'text/plain');
      await expectFacts('put of the other', put(another, k, OTHER), factsOf(FIRST, 'text/plain'));
      await another.delete(k);
      await expectNothing(store, k, 'after the other’s delete');
    },
  },
];

export const STORE_CASES: readonly StoreCase[] = [...OBJECT_CASES, ...STREAM_CASES, ...READ_CASES, ...RACE_CASES];
