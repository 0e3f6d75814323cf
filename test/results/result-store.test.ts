import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileStore, memoryStore, type ResultStore } from '../../src/results/index.js';
import { s3Store } from '../../src/results/s3/index.js';
import { checkResultStore } from '../../src/testing/index.js';
import { CREDENTIALS, type S3Server, startS3Server } from '../support/s3-server.js';

let folder: string;
let server: S3Server;
beforeAll(async () => {
  [folder, server] = await Promise.all([mkdtemp(join(tmpdir(), 'results-')), startS3Server()]);
}, 240_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const s3 = (options: { prefix?: string; checksum?: 'MD5' }): ResultStore => {
  const { bucket, endpoint } = server;
  return s3Store({ bucket, endpoint, region: 'us-east-1', credentials: CREDENTIALS, ...options });
};

const STORES: Record<string, () => { store: ResultStore; another?: ResultStore }> = {
  memoryStore: () => ({ store: memoryStore() }),
  fileStore: () => {
    const root = join(folder, 'not', 'made', 'yet');
    return { store: fileStore(root), another: fileStore(root) };
  },
  s3Store: () => ({ store: s3({}), another: s3({}) }),
  's3Store with a prefix and MD5': () => {
    const options = { prefix: 'team-a/results/', checksum: 'MD5' } as const;
    return { store: s3(options), another: s3(options) };
  },
};

describe.each(Object.entries(STORES))('%s', (_name, create) => {
  it('conforms', { timeout: 120_000 }, async () => {
    const { store, ...options } = create();
    const report = await checkResultStore(store, options);
    console.log(report.table());
    expect(report.ok, report.table()).toBe(true);
  });
});

it('a file store is plain files that another store on the same folder sees', async () => {
  const root = join(folder, 'plain');
  await fileStore(root).put('p/a/parse/id.json', Buffer.from('{}'), 'application/json');
  expect(await readdir(join(root, 'p/a/parse'))).toEqual(['id.json']);
  expect(await fileStore(root).head('p/a/parse/id.json')).toMatchObject({ size: 2 });
});
