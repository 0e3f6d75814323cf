import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fileStore, memoryStore, type ResultStore } from '../../src/results/index.js';
import { sha256 } from '../../src/results/sha256.js';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const STORES: Record<string, () => Promise<ResultStore>> = {
  memoryStore: async () => memoryStore(),
  fileStore: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'results-'));
    folders.push(folder);
    return fileStore(join(folder, 'not', 'made', 'yet'));
  },
};

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe.each(Object.entries(STORES))('%s', (_name, createStore) => {
  it('gives back what was put, with size, hash and type', async () => {
    const store = await createStore();
    const body = bytes('{"ä":1}');
    const facts = { size: 8, sha256: sha256(body), contentType: 'application/json' };
    expect(await store.put('a/b/c.json', body, 'application/json')).toEqual(facts);
    expect(await store.head('a/b/c.json')).toEqual(facts);
    expect(Buffer.from((await store.get('a/b/c.json')) ?? [])).toEqual(Buffer.from(body));
  });

  it('keeps the first object of a key and answers with its facts', async () => {
    const store = await createStore();
    const first = await store.put('k.json', bytes('first'), 'application/json');
    expect(await store.put('k.json', bytes('second one'), 'text/plain')).toEqual(first);
    expect(Buffer.from((await store.get('k.json')) ?? []).toString()).toBe('first');
  });

  it('lets one of many writers win, whole', async () => {
    const store = await createStore();
    const bodies = Array.from({ length: 20 }, (_, i) => bytes(`${i}`.repeat(10_000 + i)));
    const facts = await Promise.all(bodies.map((body) => store.put('race.json', body, 'application/json')));
    const stored = (await store.get('race.json')) ?? new Uint8Array();
    expect(new Set(facts.map((fact) => fact.sha256))).toEqual(new Set([sha256(stored)]));
  });

  it('remembers a content type that the key does not say', async () => {
    const store = await createStore();
    await store.put('notes', bytes('text'), 'text/plain');
    expect(await store.head('notes')).toMatchObject({ contentType: 'text/plain' });
  });

  it('knows nothing of keys never put, and forgets deleted ones', async () => {
    const store = await createStore();
    expect(await store.head('none.json')).toBeNull();
    expect(await store.get('none.json')).toBeNull();
    await store.delete('none.json');
    await store.put('gone.json', bytes('x'), 'application/json');
    await store.delete('gone.json');
    expect(await store.get('gone.json')).toBeNull();
  });

  it.each([
    '../escape.json',
    '/etc/passwd',
    'a/../../b',
    'a//b',
    '',
    '.hidden',
    'a/.tmp/b',
    'a\\b',
    'a\0b',
    'a/./b',
    'ü.json',
  ])('refuses the key %j for good', async (key) => {
    const store = await createStore();
    const refused = { name: 'ResultStoreError', retryable: false };
    await expect(store.put(key, bytes('x'), 'application/json')).rejects.toMatchObject(refused);
    await expect(store.get(key)).rejects.toMatchObject(refused);
    await expect(store.head(key)).rejects.toMatchObject(refused);
    await expect(store.delete(key)).rejects.toMatchObject(refused);
  });
});

it('a file store is plain files that another store on the same folder sees', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'results-'));
  folders.push(folder);
  await fileStore(folder).put('p/a/parse/id.json', bytes('{}'), 'application/json');
  expect(await readdir(join(folder, 'p/a/parse'))).toEqual(['id.json']);
  expect(await fileStore(folder).head('p/a/parse/id.json')).toMatchObject({ size: 2 });
});
