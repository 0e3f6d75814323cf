import type { FileHandle } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/results/sha256.js';
import { WatchedBody } from '../../src/results/watched-body.js';
import { writeBody } from '../../src/results/write-body.js';
import { RUNS } from '../support/properties.js';

const KIB = 1024;

/** A file whose writes end when told to; without a script each ends at the next turn. */
function fakeFile({ atMost = Infinity, failsAt = Infinity, syncFailsAt = Infinity } = {}) {
  const seen = { syncs: 0, bytes: Buffer.alloc(0), writes: 0, underWay: 0, mostUnderWay: 0 };
  const write = async (from: Uint8Array, offset: number, length: number, position: number) => {
    const number = seen.writes++;
    seen.mostUnderWay = Math.max(seen.mostUnderWay, ++seen.underWay);
    await new Promise((resolve) => setImmediate(resolve));
    seen.underWay -= 1;
    if (number === failsAt) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    const part = from.subarray(offset, offset + Math.min(length, atMost));
    expect(position).toBe(seen.bytes.length);
    seen.bytes = Buffer.concat([seen.bytes, part]);
    return { bytesWritten: part.byteLength };
  };
  const datasync = async (): Promise<void> => {
    if (seen.syncs++ === syncFailsAt) throw Object.assign(new Error('lost'), { code: 'EIO' });
  };
  return { seen, file: { write, datasync } as unknown as FileHandle };
}

async function* streamOf(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

const numbered = (length: number): Buffer =>
  Buffer.alloc(
    length,
    Uint8Array.from({ length: 251 }, (_, at) => at),
  );

describe('writeBody', () => {
  it('tells what a sync on the way had to tell, since the last one may not hear of it', async () => {
    const large = new WatchedBody(streamOf(Array.from({ length: 40 }, () => Buffer.alloc(1024 * KIB))));
    const { seen, file } = fakeFile({ syncFailsAt: 0, atMost: Infinity });
    Object.defineProperty(seen, 'bytes', { value: { length: 0 }, writable: false });
    const light = { ...file, write: async (_b: Uint8Array, _o: number, length: number) => ({ bytesWritten: length }) };
    await expect(writeBody(light as unknown as FileHandle, large)).rejects.toMatchObject({ code: 'EIO' });
    expect(seen.syncs).toBe(2);
  });

  it('writes any pieces in their order, those read before first', async () => {
    const size = fc.oneof(fc.nat(10), fc.constantFrom(0, 255 * KIB, 256 * KIB, 256 * KIB + 1, 600 * KIB));
    const pieces = fc.array(size, { maxLength: 5 }).map((sizes) => sizes.map(numbered));
    await fc.assert(
      fc.asyncProperty(pieces, pieces, async (head, rest) => {
        const whole = Buffer.concat([...head, ...rest]);
        const { file, seen } = fakeFile();
        const written = await writeBody(file, new WatchedBody(streamOf(rest)), head);
        expect(written).toEqual({ size: whole.length, sha256: sha256(whole) });
        expect(Buffer.compare(seen.bytes, whole)).toBe(0);
        expect(seen.mostUnderWay).toBeLessThanOrEqual(1);
      }),
      { ...RUNS, numRuns: 40 },
    );
  });

  it('goes on where a write that took only a part has ended', async () => {
    const body = numbered(300 * KIB);
    const { file, seen } = fakeFile({ atMost: 70_001 });
    await writeBody(file, new WatchedBody(body));
    expect(Buffer.compare(seen.bytes, body)).toBe(0);
  });

  it('gathers tiny pieces', async () => {
    const { file, seen } = fakeFile();
    await writeBody(file, new WatchedBody(streamOf(Array.from({ length: 50_000 }, () => Buffer.from('0123456789')))));
    expect(seen.bytes.length).toBe(500_000);
    expect(seen.writes).toBe(2);
  });

  it('reads on while it writes, and no further than its buffers', async () => {
    let read = 0;
    let mostAhead = 0;
    const { file, seen } = fakeFile();
    async function* body(): AsyncGenerator<Uint8Array> {
      for (; read < 40; read++) {
        mostAhead = Math.max(mostAhead, read * 64 * KIB - seen.bytes.length);
        yield Buffer.alloc(64 * KIB);
      }
    }
    await writeBody(file, new WatchedBody(body()));
    expect(mostAhead).toBeGreaterThan(256 * KIB);
    expect(mostAhead).toBeLessThanOrEqual(512 * KIB);
  });

  it('takes a stream that uses one buffer for all of its pieces', async () => {
    const shared = Buffer.alloc(100 * KIB);
    async function* body(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < 10; at++) yield shared.fill(at);
    }
    const { file, seen } = fakeFile();
    await writeBody(file, new WatchedBody(body()));
    expect([...new Set(seen.bytes)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it.each([0, 1, 2])('throws what the disk does at write %i, and writes no more', async (failsAt) => {
    const { file, seen } = fakeFile({ failsAt });
    const body = new WatchedBody(numbered(700 * KIB));
    const error: unknown = await writeBody(file, body).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ENOSPC' });
    expect(body.threw(error)).toBe(false);
    expect(seen).toMatchObject({ writes: failsAt + 1, underWay: 0 });
  });

  it('throws what the stream does once no write is under way, even when that one fails too', async () => {
    const own = new Error('the vendor hung up');
    const { file, seen } = fakeFile({ failsAt: 0 });
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield numbered(256 * KIB);
      throw own;
    }
    const body = new WatchedBody(breaking());
    await expect(writeBody(file, body)).rejects.toBe(own);
    expect(body.threw(own)).toBe(true);
    expect(seen).toMatchObject({ writes: 1, underWay: 0 });
  });
});
