import { describe, expect, it } from 'vitest';
import { memoryStore, ResultStoreError, type ObjectBody, type ResultStore } from '../../src/results/index.js';
import { readObject } from '../../src/results/read-object.js';
import { sha256 } from '../../src/results/sha256.js';
import { checkResultStore } from '../../src/testing/index.js';
import { inPieces, type Mistake, READ_MISTAKES } from './read-mistakes.js';

async function wholeOf(body: ObjectBody): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What is there when a stream breaks. */
async function partOf(body: ObjectBody): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body instanceof Uint8Array ? [body] : body) chunks.push(chunk);
  } catch {
    // Kept all the same: that is the mistake.
  }
  return Buffer.concat(chunks);
}

/** What somebody who writes a store may get wrong, and the situations that must show it. */
const MISTAKES: Mistake[] = [
  [
    'the last write wins',
    (good) => ({
      async put(key, body, type) {
        const whole = await wholeOf(body);
        await good.delete(key);
        return good.put(key, whole, type);
      },
    }),
    ['write-once', 'large-write-once', 'race', 'large-race'],
  ],
  [
    'look first, write then, with a gap between',
    (good) => ({
      async put(key, body, type) {
        const earlier = await good.head(key);
        if (earlier !== null) return earlier;
        const whole = await wholeOf(body);
        await good.delete(key);
        return good.put(key, whole, type);
      },
    }),
    ['race', 'large-race'],
  ],
  [
    'a second put answers with its own facts',
    (good) => ({
      async put(key, body, type) {
        const whole = await wholeOf(body);
        await good.put(key, whole, type);
        return { size: whole.byteLength, sha256: sha256(whole), contentType: type };
      },
    }),
    ['write-once', 'race'],
  ],
  [
    'a stream that breaks leaves what came',
    (good) => ({ put: async (key, body, type) => good.put(key, await partOf(body), type) }),
    ['stream-breaks-in-the-middle', 'large-stream-breaks'],
  ],
  [
    'a stream that breaks blocks its key',
    (good) => {
      const blocked = new Set<string>();
      return {
        async put(key, body, type) {
          if (blocked.has(key)) throw new ResultStoreError('busy', true);
          blocked.add(key);
          const facts = await good.put(key, await wholeOf(body), type);
          blocked.delete(key);
          return facts;
        },
      };
    },
    ['stream-breaks-at-once', 'stream-breaks-in-the-middle'],
  ],
  [
    'a body that goes through text',
    (good) => ({
      put: async (key, body, type) => good.put(key, Buffer.from(Buffer.from(await wholeOf(body)).toString()), type),
    }),
    ['binary'],
  ],
  [
    'every object is JSON',
    (good) => ({ put: (key, body) => good.put(key, body, 'application/json') }),
    ['content-type'],
  ],
  [
    'an empty object is none',
    (good) => ({
      async get(key) {
        const body = await readObject(good, key);
        return body === null || body.byteLength === 0 ? null : inPieces(body);
      },
    }),
    ['empty-body', 'empty-stream'],
  ],
  [
    'only the first piece of a stream',
    (good) => ({
      async put(key, body, type) {
        if (body instanceof Uint8Array) return good.put(key, body, type);
        for await (const piece of body) return good.put(key, piece, type);
        return good.put(key, new Uint8Array(), type);
      },
    }),
    ['stream', 'large-stream'],
  ],
  [
    'undefined for what is not there',
    (good) => ({ head: async (key) => (await good.head(key)) ?? (undefined as never) }),
    ['absent', 'delete'],
  ],
  [
    'a delete of nothing is an error',
    (good) => ({
      async delete(key) {
        if ((await good.head(key)) === null) throw new Error('not found');
        return good.delete(key);
      },
    }),
    ['absent', 'delete'],
  ],
  ['a delete that does nothing', (good) => ({ delete: async (key) => void (await good.head(key)) }), ['delete']],
  ['hash in capitals', (good) => ({ put: (...args) => upper(good.put(...args)) }), ['round-trip']],
  ['any key', (good) => ({ get: async (key) => good.get(key).catch(() => null) }), ['hostile-keys']],
  [
    'a hostile key is worth another try',
    (good) => ({
      head: (key) =>
        good.head(key).catch((error: ResultStoreError) => {
          throw new ResultStoreError(error.message, true);
        }),
    }),
    ['hostile-keys'],
  ],
  ['its own bytes are handed out', () => handingOut(), ['own-copy']],
  ...READ_MISTAKES,
];

const upper = async (facts: ReturnType<ResultStore['put']>): ReturnType<ResultStore['put']> => {
  const known = await facts;
  return { ...known, sha256: known.sha256.toUpperCase() };
};

function handingOut(): Partial<ResultStore> {
  const objects = new Map<string, Uint8Array>();
  return {
    async put(key, body, contentType) {
      const whole = objects.get(key) ?? (await wholeOf(body));
      objects.set(key, whole);
      return { size: whole.byteLength, sha256: sha256(whole), contentType };
    },
    async get(key) {
      const whole = objects.get(key);
      return whole === undefined ? null : inPieces(whole);
    },
  };
}

describe('checkResultStore', () => {
  it.each(MISTAKES)('catches: %s', async (_mistake, spoil, caught) => {
    const good = memoryStore();
    const report = await checkResultStore({ ...good, ...spoil(good) }, { largeBytes: 1024 * 1024 });
    const failed = report.rows.filter((row) => row.ok === false).map((row) => row.situation);
    expect(failed, report.table()).toEqual(expect.arrayContaining(caught));
    expect(report.ok).toBe(false);
    expect(report.table()).toMatch(/does not conform/);
  });

  it('catches two stores that do not share a place', async () => {
    const report = await checkResultStore(memoryStore(), { another: memoryStore(), largeBytes: 1024 * 1024 });
    expect(report.rows.find((row) => row.situation === 'another-worker')).toMatchObject({ ok: false });
  });

  it('does not wait for ever', async () => {
    const store: ResultStore = { ...memoryStore(), get: () => new Promise(() => undefined) };
    const { rows } = await checkResultStore(store, { situations: ['round-trip'], caseLimitMs: 50 });
    expect(rows[0]?.got).toMatch(/did not end within 50 ms/);
  });

  it('leaves nothing behind', async () => {
    const good = memoryStore();
    const keys = new Set<string>();
    const store: ResultStore = { ...good, put: (key, ...rest) => (keys.add(key), good.put(key, ...rest)) };
    await checkResultStore(store, { largeBytes: 1024 * 1024 });
    const valid = [...keys].filter((key) => key.startsWith('conformance-'));
    expect(valid.length).toBeGreaterThan(20);
    expect(await Promise.all(valid.map((key) => good.head(key)))).toEqual(valid.map(() => null));
  });

  it('shows only what was asked for', async () => {
    const { rows } = await checkResultStore(memoryStore(), { situations: ['round-trip', 'stream'] });
    expect(rows.map((row) => row.situation)).toEqual(['round-trip', 'stream']);
  });
});
