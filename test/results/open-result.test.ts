import { ApplicationFailure } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';
import { isDocumentFailure } from '../../src/jobs/is-document-failure.js';
import type { ResultRef } from '../../src/jobs/types.js';
import {
  memoryStore,
  openResult,
  type ReadableStore,
  readResult,
  type ResultStore,
  ResultStoreError,
} from '../../src/results/index.js';
import { sha256 } from '../../src/results/sha256.js';

const KEY = 'v/acc/parse/job-1.json';
const MIB = 1024 * 1024;
const BODY = Buffer.from('{"secret":"Ünïcode"}');

let store: ResultStore;
let ref: ResultRef;
beforeEach(async () => {
  store = memoryStore();
  ref = { key: KEY, ...(await store.put(KEY, BODY, 'application/json')) };
});

/** What lies under the key from now on. */
async function tamper(body: Uint8Array): Promise<void> {
  await store.delete(KEY);
  await store.put(KEY, body, 'application/json');
}

/** What came before the end or the failure. */
async function readAll(from: ReadableStore = store, of = ref): Promise<{ bytes: Buffer; error?: unknown }> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of await openResult(from, of)) pieces.push(piece);
    return { bytes: Buffer.concat(pieces) };
  } catch (error) {
    return { bytes: Buffer.concat(pieces), error };
  }
}

/** A store of one object that comes in the given pieces, and what became of its stream. */
function streaming(pieces: () => Iterable<Uint8Array>): ReadableStore & { given: number; isClosed: boolean } {
  const seen = {
    given: 0,
    isClosed: false,
    get: async () => read(),
  };
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for (const piece of pieces()) {
        seen.given += 1;
        yield piece;
      }
    } finally {
      seen.isClosed = true;
    }
  }
  return seen;
}

function corruptOf(error: unknown) {
  if (!isDocumentFailure(error, 'DocumentResultCorrupt')) throw error;
  return error;
}

describe('openResult', () => {
  it('gives the bytes that were stored', async () => {
    expect(await readAll()).toEqual({ bytes: BODY });
  });

  it('gives nothing for an empty body, without a complaint', async () => {
    const empty = new Uint8Array();
    await tamper(empty);
    expect(await readAll(store, { ...ref, size: 0, sha256: sha256(empty) })).toEqual({ bytes: Buffer.alloc(0) });
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      'a changed byte',
      Buffer.from(BODY.map((byte, at) => (at === 3 ? byte ^ 1 : byte))),
      /was changed: its SHA-256 is/,
    ],
    ['a cut', BODY.subarray(0, -1), /is cut short: 21 of 22 bytes/],
    ['nothing left', new Uint8Array(), /is cut short: 0 of 22 bytes/],
    ['one byte more', Buffer.concat([BODY, Buffer.from(' ')]), /is longer than the 22 bytes/],
  ])('%s is a failure before the end is reported', async (_what, body, words) => {
    await tamper(body);
    const { error } = await readAll();
    const { details, message } = corruptOf(error);
    expect(error).toMatchObject({ nonRetryable: true });
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(details).toMatchObject({
      provider: 'v',
      account: 'acc',
      operation: 'parse',
      jobId: 'job-1',
      key: KEY,
      expected: { size: BODY.length, sha256: sha256(BODY) },
      found: { size: body.byteLength, sha256: sha256(body) },
    });
    expect(message).toMatch(words);
    expect(message).toMatch(/parse job job-1 .* Delete the object.*attach to the job by its id/);
    expect(message).not.toMatch(/secret|Ünïcode/);
  });

  it('an absent object is a failure at once, of what is gone', async () => {
    await store.delete(KEY);
    const error: unknown = await openResult(store, ref).catch((reason: unknown) => reason);
    const { details, message } = corruptOf(error);
    expect(details).toMatchObject({ found: null, jobId: 'job-1', key: KEY });
    expect(message).toMatch(/is gone.*See that this is the store.*attach/);
  });

  it('stops as soon as too much has come, and before it is given', async () => {
    function* endless(): Generator<Uint8Array> {
      for (;;) yield Buffer.alloc(10, 'x');
    }
    const source = streaming(endless);
    const { bytes, error } = await readAll(source);
    expect(corruptOf(error).details).toMatchObject({ found: { size: 30 } });
    expect(bytes.length).toBe(20);
    expect(source).toMatchObject({ given: 3, isClosed: true });
  });

  it('holds one piece of a huge body at a time, and checks it', async () => {
    const piece = Buffer.alloc(MIB, 'huge');
    const count = 300;
    const whole = { ...ref, size: count * MIB, sha256: HUGE_SHA256 };
    function* huge(): Generator<Uint8Array> {
      for (let at = 0; at < count; at++) yield piece;
    }
    const source = streaming(huge);
    let read = 0;
    for await (const one of await openResult(source, whole)) {
      read += one.byteLength;
      expect(source.given * MIB).toBe(read);
    }
    expect(read).toBe(whole.size);
  });

  it('lets go of the store’s stream when its reader leaves', async () => {
    const source = streaming(() => [BODY.subarray(0, 5), BODY.subarray(5)]);
    for await (const _piece of await openResult(source, ref)) break;
    expect(source).toMatchObject({ given: 1, isClosed: true });
  });

  it('lets go of the store’s stream when its reader never begins', async () => {
    let isClosed = false;
    const held: AsyncIterableIterator<Uint8Array> = {
      next: async () => ({ done: true, value: undefined }),
      return: async () => ((isClosed = true), { done: true, value: undefined }),
      [Symbol.asyncIterator]: () => held,
    };
    const stream = (await openResult({ get: async () => held }, ref))[Symbol.asyncIterator]();
    expect(await stream.return?.()).toMatchObject({ done: true });
    expect(isClosed).toBe(true);
    expect(await stream.next()).toMatchObject({ done: true });
  });

  it.each(['at once', 'in the middle'])('passes the store’s own error on (%s)', async (when) => {
    const trouble = new ResultStoreError('the mount is gone', true);
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield BODY.subarray(0, 5);
      throw trouble;
    }
    const get = async () => {
      if (when === 'at once') throw trouble;
      return breaking();
    };
    expect((await readAll({ get })).error).toBe(trouble);
  });

  it('says of a key of another kind what it can', async () => {
    const other = { ...ref, key: 'somewhere' };
    const { details, message } = corruptOf((await readAll(store, other)).error);
    expect(details).toMatchObject({ provider: 'unknown', key: 'somewhere' });
    expect(details).not.toHaveProperty('jobId');
    expect(message).toMatch(/^the result under somewhere is gone/);
  });
});

/** Of 300 MiB of `huge`. */
const HUGE_SHA256 = '51f148f23fc58d8289ee424b39b4ee048ea3dae7d969b3d0167d839298648b26';

describe('readResult', () => {
  it('gives the JSON that was stored', async () => {
    expect(await readResult(store, ref)).toEqual({ secret: 'Ünïcode' });
  });

  it('checks it', async () => {
    await tamper(Buffer.from('{}'));
    corruptOf(await readResult(store, ref).catch((error: unknown) => error));
  });

  it('what was stored and is no JSON is not corrupt, and is not quoted', async () => {
    const text = Buffer.from('<html>secret');
    await tamper(text);
    const error: unknown = await readResult(store, { ...ref, size: text.length, sha256: sha256(text) }).catch(
      (reason: unknown) => reason,
    );
    if (!isDocumentFailure(error, 'DocumentReplyInvalid')) throw error;
    expect(error.details).toMatchObject({ jobId: 'job-1', endpoint: KEY });
    expect(error.message).not.toMatch(/html|secret/);
  });
});
