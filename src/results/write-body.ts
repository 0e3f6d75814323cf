import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Digest } from '../jobs/failures.js';
import type { WatchedBody } from './watched-body.js';

/**
 * Of one write, bytes. Two buffers of this size are all that is held of a body: while one is written, the other is filled. Fits a core's
 * cache, so that hashing what was just copied costs no second trip to memory.
 */
const BUFFER_BYTES = 256 * 1024;

/**
 * Writes a body to an empty file: each write goes on while the next pieces are awaited and hashed, in their order. Small pieces are gathered.
 * Pieces are copied at once, so that a stream may use one buffer for all of them.
 * @param head pieces that were read from the body before.
 * @throws what the body's stream throws, or what the disk does (see {@link WatchedBody.threw}); no write is under way then.
 */
export async function writeBody(
  file: FileHandle,
  body: WatchedBody,
  head: readonly Uint8Array[] = [],
): Promise<Digest> {
  const hash = createHash('sha256');
  const given = head.values();
  const nextPiece = async (): Promise<Uint8Array | null> => given.next().value ?? body.next();
  let filling = newBuffer();
  let other: Buffer | undefined;
  let used = 0;
  let size = 0;
  let writing = Promise.resolve();
  const disk = syncBehind(file);

  /** Begins to write what is gathered, as soon as the write before has ended. */
  async function flush(): Promise<void> {
    await writing;
    const bytes = filling.subarray(0, used);
    writing = writeAll(file, bytes, size);
    // Looked at when the next write begins. Nobody else hears of it, which would end the process.
    writing.catch(() => undefined);
    hash.update(bytes);
    disk.written(used, writing);
    size += used;
    used = 0;
    [filling, other] = [other ?? newBuffer(), filling];
  }

  try {
    for (let piece = await nextPiece(); piece !== null; piece = await nextPiece()) {
      for (let at = 0; at < piece.byteLength;) {
        const part = piece.subarray(at, at + BUFFER_BYTES - used);
        filling.set(part, used);
        used += part.byteLength;
        at += part.byteLength;
        if (used === BUFFER_BYTES) await flush();
      }
    }
    if (used > 0) await flush();
    await writing;
    await disk.quiet();
  } catch (error) {
    // The file is closed next, and what is thrown here is the first of two troubles.
    await writing.catch(() => undefined);
    await disk.quiet().catch(() => undefined);
    throw error;
  }
  return { size, sha256: hash.digest('hex') };
}

/** Of what is written between two syncs on the way, bytes. */
const SYNC_EVERY = 16 * 1024 * 1024;

/** Has the disk work while the rest is still coming, so that the sync at the end has little to wait for. */
function syncBehind(file: FileHandle): {
  written(bytes: number, writing: Promise<void>): void;
  /** Waits for a sync that is under way. @throws what went wrong in any: the system tells it once, and the last sync may not hear of it. */
  quiet(): Promise<void>;
} {
  let waiting = 0;
  let syncing: Promise<void> | null = null;
  let trouble: { error: unknown } | undefined;
  return {
    written(bytes, writing) {
      waiting += bytes;
      if (waiting < SYNC_EVERY || syncing !== null) return;
      waiting = 0;
      syncing = writing
        .then(() => file.datasync())
        .catch((error: unknown) => void (trouble ??= { error }))
        .then(() => void (syncing = null));
    },
    async quiet() {
      await syncing;
      if (trouble !== undefined) throw trouble.error;
    },
  };
}

const newBuffer = (): Buffer => Buffer.allocUnsafeSlow(BUFFER_BYTES);

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.byteLength;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.byteLength - at, position + at);
    at += bytesWritten;
  }
}
