import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { uniqueNames, writeResults } from '../../src/cli/write-results.js';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import { isDocumentFailure } from '../../src/jobs/is-document-failure.js';
import { memoryStore, type ResultStore } from '../../src/results/index.js';
import { readObject } from '../../src/results/read-object.js';
import { processResult } from './fixtures.js';

let dir: string;
let store: ResultStore;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-out-'));
  store = memoryStore();
});
afterEach(() => rm(dir, { recursive: true }));

const PARSED = '{"a":"é"}';

async function kept(key: string, text: string) {
  return { key, ...(await store.put(key, Buffer.from(text), 'application/json')) };
}

/** A result whose bodies are in the store. */
async function given(): Promise<ProcessDocumentResult> {
  const { parsed, extract, split } = processResult();
  return processResult({
    parsed: { ...parsed, stored: await kept('v/acc/parse/job-1.json', PARSED) },
    extract: { ...extract!, stored: await kept('v/acc/extract/job-2.json', '[]') },
    split: { ...split!, stored: await kept('v/acc/split/job-3.json', '{}') },
  });
}

async function replace(key: string, text: string): Promise<void> {
  await store.delete(key);
  await kept(key, text);
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('--out', () => {
  it('writes one file an operation, and nothing else', async () => {
    const files = await writeResults(dir, 'a', await given(), store);
    expect(files.map((file) => file.slice(dir.length + 1))).toEqual(['a.parse.json', 'a.extract.json', 'a.split.json']);
    expect(await readFile(join(dir, 'a.parse.json'), 'utf8')).toBe(PARSED);
    expect(await readdir(dir)).toHaveLength(3);
  });

  it('says where to look for results that are not here', async () => {
    const error = await failureOf(writeResults(dir, 'a', await given(), memoryStore()));
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining('--results') as string });
    expect(await readdir(dir)).toEqual([]);
  });

  it.each([
    ['changed', PARSED.replace('a', 'b')],
    ['cut short', PARSED.slice(0, -2)],
    ['longer', `${PARSED} `],
  ])('leaves no file of a result that is %s, and names the job', async (words, text) => {
    const result = await given();
    await replace(result.parsed.stored.key, text);
    const error = await failureOf(writeResults(dir, 'a', result, store));
    expect(isDocumentFailure(error, 'DocumentResultCorrupt')).toBe(true);
    expect((error as Error).message).toMatch(new RegExp(`parse job job-1 .*${words}`));
    expect((error as Error).message).not.toContain('\n');
    expect(await readdir(dir)).toEqual([]);
  });

  it('keeps a good file of an earlier time when the store has gone bad since', async () => {
    const result = await given();
    await writeResults(dir, 'a', result, store);
    await replace(result.parsed.stored.key, '');
    await failureOf(writeResults(dir, 'a', result, store));
    expect(await readFile(join(dir, 'a.parse.json'), 'utf8')).toBe(PARSED);
  });

  it('leaves no file when the store fails in the middle', async () => {
    const broken: Pick<ResultStore, 'get'> = {
      async get(key) {
        const bytes = (await readObject(store, key)) ?? new Uint8Array();
        return (async function* () {
          yield bytes.subarray(0, 3);
          throw new Error('the mount is gone');
        })();
      },
    };
    expect(await failureOf(writeResults(dir, 'a', await given(), broken))).toMatchObject({
      message: 'the mount is gone',
    });
    expect(await readdir(dir)).toEqual([]);
  });

  it('gives files of the same name different names', () => {
    expect(uniqueNames(['a', 'b', 'a', 'a', 'x/y'])).toEqual(['a', 'b', 'a-2', 'a-3', 'x_y']);
  });
});
