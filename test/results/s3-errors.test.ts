import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readObject } from '../../src/results/read-object.js';
import { s3Store } from '../../src/results/s3/index.js';
import { s3StoreError } from '../../src/results/s3/s3-store-error.js';
import { sha256 } from '../../src/results/sha256.js';
import { LEAKY, type S3Call, type S3Fault } from '../support/s3-faults.js';
import { CREDENTIALS } from '../support/s3-server.js';
import { JSON_TYPE, LARGE, SMALL, stream } from '../support/s3-bodies.js';
import { failureOf, type S3Stand, startS3Stand } from '../support/s3-stand.js';

let stand: S3Stand;
beforeAll(async () => void (stand = await startS3Stand()), 240_000);
afterAll(() => stand[Symbol.asyncDispose]());

let key: string;
beforeEach(() => (key = stand.next()));
const HEAL = { name: 'ResultStoreError', retryable: true };
const FINAL = { name: 'ResultStoreError', retryable: false };
const always = (wanted: S3Call[], fault: S3Fault) => (call: S3Call) => (wanted.includes(call) ? fault : undefined);

describe('trouble', () => {
  it.each<[string, (call: S3Call) => S3Fault | undefined, object, RegExp]>([
    ['403', always(['HEAD', 'GET', 'PUT'], { reply: 403, code: 'AccessDenied' }), FINAL, /denied.*AccessDenied.*403/],
    ['403 for writes only', always(['PUT'], { reply: 403, code: 'AccessDenied' }), FINAL, /s3:GetObject, PutObject/],
    ['a wrong key', always(['HEAD', 'GET'], { reply: 403, code: 'SignatureDoesNotMatch' }), FINAL, /secret key/],
    ['expired credentials', always(['HEAD', 'GET'], { reply: 400, code: 'ExpiredToken' }), HEAL, /expired/],
    ['KMS refuses', always(['PUT'], { reply: 400, code: 'KMS.DisabledException' }), FINAL, /KMS.DisabledException/],
    ['no conditional writes', always(['PUT'], { reply: 501, code: 'NotImplemented' }), FINAL, /write-once/],
    ['503', always(['PUT'], { reply: 503, code: 'SlowDown' }), HEAL, /slow down.*503/],
    ['503 without a word', always(['HEAD'], { reply: 503 }), HEAL, /503/],
    ['dropped', always(['PUT'], 'drop'), HEAL, /ECONNRESET/],
    ['damaged on the way', always(['PUT'], { reply: 400, code: 'BadDigest' }), HEAL, /damaged/],
    ['slow', always(['PUT'], 'hang'), HEAL, /in time/],
  ])('%s is told', { timeout: 20_000 }, async (what, fault, kind, message) => {
    stand.faults.fault = fault;
    const error = await failureOf(
      stand.storeOf(what === 'slow' ? { timeoutMs: 1_500 } : {}).put(key, SMALL, JSON_TYPE),
    );
    expect(error).toMatchObject(kind);
    expect(error.message).toMatch(message);
    expectNoSecret(error.message);
  });

  it('a bucket that does not exist is told by every call', async () => {
    const store = stand.storeOf({ bucket: 'nowhere' });
    for (const work of [
      () => store.put(key, SMALL, JSON_TYPE),
      () => store.head(key),
      () => store.get(key),
      () => store.delete(key),
    ]) {
      const error = await failureOf(work());
      expect(error).toMatchObject(FINAL);
      expect(error.message).toMatch(/bucket does not exist \(NoSuchBucket, HTTP 404\)/);
    }
  });

  it('nobody listens', async () => {
    const error = await failureOf(stand.storeOf({ endpoint: 'http://127.0.0.1:1' }).head(key));
    expect(error).toMatchObject(HEAL);
    expect(error.message).toMatch(/ECONNREFUSED/);
  });

  it('no region is set', async () => {
    const { bucket, client } = stand.server;
    const store = s3Store({
      bucket,
      client: Object.assign(Object.create(client) as typeof client, { send: noRegion }),
    });
    expect(await failureOf(store.head(key))).toMatchObject(FINAL);
  });

  it.each(['cut', 'stall'] as const)('an object that ends too early when read (%s)', async (fault) => {
    await stand.storeOf().put(key, LARGE, JSON_TYPE);
    stand.faults.fault = always(['GET'], fault);
    const error = await failureOf(readObject(stand.storeOf(fault === 'stall' ? { timeoutMs: 3_000 } : {}), key));
    expect(error).toMatchObject(HEAL);
    expect(error.message).toMatch(fault === 'cut' ? /ECONNRESET/ : /in time/);
  });

  it('is no trouble when a download takes longer than one call may', async () => {
    await stand.storeOf().put(key, LARGE, JSON_TYPE);
    stand.faults.fault = always(['GET'], 'trickle');
    expect(sha256((await readObject(stand.storeOf({ timeoutMs: 600 }), key)) ?? SMALL)).toBe(sha256(LARGE));
  });

  it('leaves no upload when a part is refused', async () => {
    stand.faults.fault = always(['PART 2'], { reply: 403, code: 'AccessDenied' });
    expect(await failureOf(stand.storeOf().put(key, stream(LARGE), JSON_TYPE))).toMatchObject(FINAL);
    expect(await stand.storeOf().head(key)).toBeNull();
    await stand.expectNoLeftovers();
  });

  it('is the disk’s where bodies wait', async () => {
    const store = stand.storeOf({ spoolFolder: '/dev/null/spool' });
    let isClosed = false;
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        yield* stream(LARGE);
      } finally {
        isClosed = true;
      }
    }
    const error = await failureOf(store.put(key, body(), JSON_TYPE));
    expect(error).toMatchObject(FINAL);
    expect(error.message).toMatch(/ENOTDIR.*wait for their upload/);
    expect(error.message).not.toMatch(/dev/);
    expect(isClosed).toBe(true);
  });
});

const noRegion = async (): Promise<never> => {
  throw new Error('Region is missing');
};

function expectNoSecret(message: string): void {
  for (const secret of [CREDENTIALS.secretAccessKey, CREDENTIALS.accessKeyId, LEAKY, 'Signature=', '123456789012']) {
    expect(message).not.toContain(secret);
  }
}

describe('s3StoreError', () => {
  const status = (httpStatusCode: number): object => ({ $metadata: { httpStatusCode } });

  it.each<[unknown, boolean, string]>([
    [{ name: 'AccessDenied', ...status(403) }, false, 'access denied'],
    [{ name: '403', ...status(403) }, false, 'access denied'],
    [{ name: 'InvalidArgument', ...status(400) }, false, 'InvalidArgument, HTTP 400'],
    [{ name: 'ThrottlingException', ...status(400) }, true, 'ThrottlingException'],
    [{ name: 'Whatever', ...status(500) }, true, 'Whatever'],
    [{ name: 'TooEarly', ...status(429) }, true, '429'],
    [{ name: 'TimeoutError', code: 'ECONNRESET' }, true, 'connection broke (ECONNRESET)'],
    [{ name: 'AggregateError', code: 'ECONNREFUSED' }, true, 'ECONNREFUSED'],
    [{ name: 'CredentialsProviderError', message: LEAKY }, true, 'no credentials'],
    [{ name: LEAKY, message: LEAKY }, true, 'unknown error'],
    [undefined, true, 'unknown error'],
  ])('%j', (error, retryable, words) => {
    const { message, ...rest } = s3StoreError('k.json', error);
    expect(rest).toMatchObject({ retryable });
    expect(message).toContain(`result store: k.json: `);
    expect(message).toContain(words);
    expectNoSecret(message);
  });
});
