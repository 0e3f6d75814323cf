import { execFile, spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateMultipartUploadCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readObject } from '../../src/results/read-object.js';
import { s3Store, type S3StoreOptions } from '../../src/results/s3/index.js';
import { sha256 } from '../../src/results/sha256.js';
import type { S3Call, S3Fault } from '../support/s3-faults.js';
import { JSON_TYPE, LARGE, MIB, SMALL, stream } from '../support/s3-bodies.js';
import { failureOf, type S3Stand, startS3Stand } from '../support/s3-stand.js';
import { waitUntil } from '../support/wait-until.js';

let stand: S3Stand;
beforeAll(async () => void (stand = await startS3Stand()), 240_000);
afterAll(() => stand[Symbol.asyncDispose]());

let key: string;
beforeEach(() => (key = stand.next()));
describe('what arrives', () => {
  it('is one conditional PUT with hash and checksum for a small body', async () => {
    await stand.storeOf().put(key, stream(SMALL), JSON_TYPE);
    expect(stand.made()).toEqual(['HEAD', 'GET', 'PUT']);
    expect(stand.faults.calls.at(-1)?.headers).toMatchObject({
      'if-none-match': '*',
      'content-type': JSON_TYPE,
      'x-amz-meta-sha256': sha256(SMALL),
      'x-amz-checksum-sha256': Buffer.from(sha256(SMALL), 'hex').toString('base64'),
    });
  });

  it.each(['stream', 'bytes'])('is parts with checksums and a conditional end for a large body (%s)', async (how) => {
    await stand.storeOf().put(key, how === 'stream' ? stream(LARGE) : LARGE, JSON_TYPE);
    expect(stand.made().sort()).toEqual(['COMPLETE', 'CREATE', 'GET', 'HEAD', 'LIST', 'PART 1', 'PART 2', 'PART 3']);
    const headersOf = (call: S3Call) => stand.faults.calls.find((one) => one.call === call)?.headers;
    expect(headersOf('CREATE')).toMatchObject({ 'x-amz-meta-sha256': sha256(LARGE), 'content-type': JSON_TYPE });
    expect(headersOf('PART 2')).toHaveProperty('x-amz-checksum-sha256');
    expect(headersOf('COMPLETE')).toMatchObject({ 'if-none-match': '*' });
    await stand.expectNoLeftovers();
  });

  it('lies under the prefix', async () => {
    await stand.storeOf({ prefix: 'team/a/' }).put(key, SMALL, JSON_TYPE);
    const head = new HeadObjectCommand({ Bucket: stand.server.bucket, Key: `team/a/${key}` });
    expect(await stand.server.client.send(head)).toMatchObject({ ContentLength: SMALL.length });
  });

  it.each([SMALL, LARGE])('is encrypted as asked', async (body) => {
    const encryption = { type: 'aws:kms', keyId: 'alias/docs', bucketKey: true } as const;
    await stand.storeOf({ encryption }).put(key, body, JSON_TYPE);
    expect(stand.faults.calls.find(({ call }) => call === 'PUT' || call === 'CREATE')?.headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'alias/docs',
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
    });
    await stand.storeOf({ encryption: { type: 'AES256' } }).put(`${key}2`, body, JSON_TYPE);
    expect(
      await stand.server.client.send(new HeadObjectCommand({ Bucket: stand.server.bucket, Key: `${key}2` })),
    ).toMatchObject({
      ServerSideEncryption: 'AES256',
    });
  });

  it('asks for an object that is there with one call, and does not read the body', async () => {
    await stand.storeOf().put(key, SMALL, JSON_TYPE);
    stand.faults.calls.length = 0;
    expect(await stand.storeOf().put(key, stream(LARGE, true), JSON_TYPE)).toMatchObject({ sha256: sha256(SMALL) });
    expect(stand.made()).toEqual(['HEAD']);
  });

  it('waits in a folder of this user’s alone unless another is named', async () => {
    const { spoolFolder: _, ...options } = stand.options();
    const folder = join(tmpdir(), `temporal-document-jobs-${process.getuid?.() ?? 'spool'}`);
    await s3Store(options).put(key, stream(LARGE), JSON_TYPE);
    expect((await stat(folder)).mode & 0o077).toBe(0);
    expect((await readdir(join(folder, '.tmp'))).filter((name) => name.includes(`.${process.pid}.`))).toEqual([]);
  });

  it('may have been put by another program, without a hash', async () => {
    await stand.server.client.send(new PutObjectCommand({ Bucket: stand.server.bucket, Key: key, Body: SMALL }));
    expect(await stand.storeOf().head(key)).toMatchObject({ size: SMALL.length, sha256: sha256(SMALL) });
  });
});

describe('a stream that breaks', () => {
  it.each([SMALL, LARGE])('throws its own error, and sends nothing', async (body) => {
    const error = await failureOf(stand.storeOf().put(key, stream(body, true), JSON_TYPE));
    expect(error.message).toBe('the vendor hung up');
    expect(stand.made()).toEqual(['HEAD', 'GET']);
    await stand.expectNoLeftovers();
  });
});

describe('trouble that heals', () => {
  it.each<[string, Uint8Array, Record<S3Call, S3Fault[]>]>([
    ['503 for one PUT', SMALL, { PUT: [{ reply: 503, code: 'SlowDown' }] }],
    ['a conflict at the PUT', SMALL, { PUT: [{ reply: 409, code: 'ConditionalRequestConflict' }] }],
    ['a lost reply to the PUT', SMALL, { PUT: ['lost'] }],
    ['a dropped part', LARGE, { 'PART 2': ['drop'] }],
    ['500 for a part', LARGE, { 'PART 1': [{ reply: 500 }] }],
    ['a conflict at the end', LARGE, { COMPLETE: [{ reply: 409, code: 'ConditionalRequestConflict' }] }],
    ['a lost reply to the end', LARGE, { COMPLETE: ['lost'] }],
    ['an upload that was broken off', LARGE, { 'PART 3': [{ reply: 404, code: 'NoSuchUpload' }] }],
  ])('%s', async (_what, body, plan) => {
    stand.script(plan);
    const facts = { size: body.byteLength, sha256: sha256(body), contentType: JSON_TYPE };
    expect(await stand.storeOf().put(key, stream(body), JSON_TYPE)).toEqual(facts);
    expect(sha256((await readObject(stand.storeOf(), key)) ?? SMALL)).toBe(facts.sha256);
    await stand.expectNoLeftovers();
  });

  it('a conflict that does not end is left to the caller’s patience', { timeout: 20_000 }, async () => {
    stand.faults.fault = (call) => (call === 'PUT' ? { reply: 409, code: 'ConditionalRequestConflict' } : undefined);
    expect(await failureOf(stand.storeOf().put(key, SMALL, JSON_TYPE))).toMatchObject({ retryable: true });
  });

  it('breaks uploads off that died in the middle', async () => {
    await stand.server.client.send(new CreateMultipartUploadCommand({ Bucket: stand.server.bucket, Key: key }));
    await stand.server.client.send(new CreateMultipartUploadCommand({ Bucket: stand.server.bucket, Key: `${key}x` }));
    await stand.storeOf().put(key, LARGE, JSON_TYPE);
    expect(await stand.uploadsLeft()).toEqual([`${key}x`]);
    await stand.storeOf().put(`${key}x`, LARGE, JSON_TYPE);
    await stand.expectNoLeftovers();
  });
});

describe('a writer killed with -9 in the middle of its upload', () => {
  it('leaves nothing that is readable, and the next one leaves nothing at all', { timeout: 60_000 }, async () => {
    stand.faults.fault = (call) => (call === 'PART 2' ? 'hang' : undefined);
    const writer = spawn(process.execPath, putCommand(key), { stdio: 'ignore' });
    await waitUntil(() => stand.made().includes('PART 2'), 'the writer is at its second part', 30_000);
    const ended = new Promise((resolve) => writer.once('exit', resolve));
    writer.kill('SIGKILL');
    await ended;
    stand.faults.fault = () => undefined;
    expect(await stand.storeOf().head(key)).toBeNull();
    expect(await stand.uploadsLeft()).toEqual([key]);
    expect(await spooled()).toHaveLength(1);
    // Another process, as a worker that starts again is one.
    await promisify(execFile)(process.execPath, putCommand(key));
    expect(sha256((await readObject(stand.storeOf(), key)) ?? SMALL)).toBe(sha256(LARGE));
    await stand.expectNoLeftovers();
  });
});

const spooled = (): Promise<string[]> => readdir(join(stand.options().spoolFolder ?? '', '.tmp'));

const putCommand = (to: string): string[] => [
  ...['--import', 'tsx', 'test/support/s3-put.ts'],
  ...[to, JSON.stringify(stand.options())],
];

it.each<Partial<S3StoreOptions>>([
  { bucket: '' },
  { partSize: MIB },
  { partSize: 5.5 * MIB + 0.5 },
  { timeoutMs: 0 },
  { prefix: '../up' },
  { prefix: '/' + 'a b' },
])('refuses %j', (options) => {
  expect(() => stand.storeOf(options)).toThrow(TypeError);
});
