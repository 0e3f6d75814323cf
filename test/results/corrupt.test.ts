import { readWhole } from '../../src/json-stream/index.js';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PollInput, PollOutput } from '../../src/jobs/activities.js';
import { isDocumentFailure } from '../../src/jobs/is-document-failure.js';
import type { ResultRef } from '../../src/jobs/types.js';
import { fileStore, openResult, readResult, type ResultStore } from '../../src/results/index.js';
import { sha256 } from '../../src/results/sha256.js';
import { activityRun, failureOf } from '../support/activity-run.js';
import { fakeProvider, read, snapshot } from '../support/fake-provider.js';
import { type S3Stand, startS3Stand } from '../support/s3-stand.js';

let stand: S3Stand;
let root: string;
beforeAll(async () => {
  [stand, root] = await Promise.all([startS3Stand(), mkdtemp(join(tmpdir(), 'corrupt-'))]);
}, 240_000);
afterAll(async () => {
  await stand[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

/** Several pieces of a stream. */
const BODY = Buffer.from(JSON.stringify({ secret: 'Ünïcode'.repeat(40_000) }));

/** Harm done past the store, as another program, an operator or a disk does it. */
interface Harmed {
  store: ResultStore;
  /** Null: deletes it. */
  replace(key: string, harm: (body: Buffer) => Buffer | null): Promise<void>;
}

const STORES: [string, () => Harmed][] = [
  [
    'file',
    () => ({
      store: fileStore(root),
      async replace(key, harm) {
        const path = join(root, key);
        const body = harm(await readFile(path));
        await (body === null ? rm(path) : writeFile(path, body));
      },
    }),
  ],
  [
    's3',
    () => ({
      store: stand.storeOf(),
      async replace(key, harm) {
        const { bucket: Bucket, client } = stand.server;
        const { Body, Metadata } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
        const body = harm(Buffer.from((await Body?.transformToByteArray()) ?? []));
        // The hash in the metadata stays what it was.
        await (body === null
          ? client.send(new DeleteObjectCommand({ Bucket, Key: key }))
          : client.send(new PutObjectCommand({ Bucket, Key: key, Body: body, ...(Metadata && { Metadata }) })));
      },
    }),
  ],
];

const HARMS: [string, (body: Buffer) => Buffer | null, RegExp][] = [
  ['one changed bit', (body) => Buffer.from(body.map((byte, at) => (at === 1_000 ? byte ^ 1 : byte))), /was changed/],
  ['the last byte cut off', (body) => body.subarray(0, -1), /is cut short/],
  ['half of it cut off', (body) => body.subarray(0, body.length / 2), /is cut short/],
  ['emptied', () => Buffer.alloc(0), /is cut short: 0 of/],
  ['one byte appended', (body) => Buffer.concat([body, Buffer.from(' ')]), /is longer than/],
  ['other JSON', () => Buffer.from('{"secret":"another"}'), /is cut short/],
  [
    'other JSON of the same length',
    (body) => Buffer.from(JSON.stringify({ secret: 'x'.repeat(body.length - 13) })),
    /was changed/,
  ],
  ['deleted', () => null, /is gone/],
];

let jobs = 0;
const nextKey = (): string => `fake/fake/parse/corrupt-${++jobs}.json`;

async function stored({ store }: Harmed): Promise<ResultRef> {
  const key = nextKey();
  return { key, ...(await store.put(key, BODY, 'application/json')) };
}

describe.each(STORES)('%s store', (_name, given) => {
  it.each(HARMS)('%s is DocumentResultCorrupt for every reader', async (_harm, harm, words) => {
    const harmed = given();
    const ref = await stored(harmed);
    expect(await readWhole(await openResult(harmed.store, ref))).toHaveLength(BODY.length);
    await harmed.replace(ref.key, harm);
    const readers = [() => readResult(harmed.store, ref), async () => readWhole(await openResult(harmed.store, ref))];
    for (const reader of readers) {
      const error: unknown = await reader().catch((reason: unknown) => reason);
      if (!isDocumentFailure(error, 'DocumentResultCorrupt')) throw new Error('it is another failure, or none');
      expect(error.message).toMatch(words);
      expect(error.message).not.toMatch(/nïcode|another|xxx/);
      expect(error.message).not.toContain(root);
      expect(error.details).toMatchObject({ key: ref.key, expected: { size: BODY.length, sha256: sha256(BODY) } });
    }
  });
});

/** The bucket's word for the hash is not taken: what attempt 2 finds is read. */
describe('attempt 2, of a copy that attempt 1 did not live to report', () => {
  const jobOf = (key: string): PollInput['job'] => {
    const jobId = /([^/]+)\.json$/.exec(key)?.[1] ?? '';
    return { provider: 'fake', account: 'fake', operation: 'parse', jobId };
  };

  function secondAttempt(store: ResultStore, key: string, kind: 'json' | 'stream' | 'gone'): Promise<PollOutput> {
    const usage = { pages: 1, credits: 1 };
    const open = async (): Promise<AsyncIterable<Uint8Array>> => pieces();
    const body = { kind: 'stream' as const, open };
    const get = {
      json: read('completed', { other: 'than before' }),
      stream: { snapshot: snapshot('completed'), usage, body },
      gone: null,
    };
    const run = activityRun(fakeProvider({ get: [get[kind]] }), { results: store });
    const collect = { results: 'inline' as const, inlineLimit: 1_000 };
    const input = { job: jobOf(key), windowMs: 0, elapsedMs: 0, neverSeen: false, collect };
    return run.run(() => run.activities.pollDocumentJob(input), { attempt: 2 });
  }

  it.each(['json', 'stream', 'gone'] as const)('is not fooled by a hash in the metadata (%s)', async (kind) => {
    const harmed = STORES[1]![1]();
    const { key } = await stored(harmed);
    await harmed.replace(key, () => Buffer.from('{"secret":"another"}'));
    const failure = await failureOf(secondAttempt(harmed.store, key, kind));
    expect(failure).toMatchObject({ type: 'DocumentResultCorrupt', details: { key } });
    expect(failure.message).toMatch(/Delete the object.*attach to the job/);
  });
});

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield BODY;
}
