import { open, rm, type FileHandle } from 'node:fs/promises';
import { fileStoreError } from '../file-store-error.js';
import { ResultStoreError } from '../result-store.js';
import { sha256 } from '../sha256.js';
import { spoolFolder } from '../spool-folder.js';
import { writeTemporary } from '../temporary-files.js';
import type { WatchedBody } from '../watched-body.js';

/** A body whose size and hash are known before its first byte is sent, and that can be sent again. */
export interface BodySource extends AsyncDisposable {
  size: number;
  /** Lower-case hex. */
  sha256: string;
  read(start: number, length: number): Promise<Uint8Array>;
}

export interface HoldOptions {
  /** Longer streams wait on disk. */
  memoryBytes: number;
  /** Where. Default: a folder of this user's in the system's temporary one. */
  spoolFolder?: string | undefined;
}

/**
 * Holds a stream of up to `memoryBytes` in memory and a longer one in a file.
 *
 * Why not straight to the bucket: an object's metadata, where the hash stands, is fixed when its upload begins; every part may have to be
 * sent again; and a stream that breaks must leave nothing there. What a stream throws is passed on as it is.
 */
export async function holdBody(
  key: string,
  body: Uint8Array | WatchedBody,
  { memoryBytes, spoolFolder: folder }: HoldOptions,
): Promise<BodySource> {
  if (body instanceof Uint8Array) return inMemory(body);
  const head: Uint8Array[] = [];
  let size = 0;
  while (size <= memoryBytes) {
    const piece = await body.next();
    if (piece === null) return inMemory(head.length === 1 && head[0] ? head[0] : Buffer.concat(head));
    head.push(piece);
    size += piece.byteLength;
  }
  return inFile(key, folder, head, body);
}

function inMemory(bytes: Uint8Array): BodySource {
  return {
    size: bytes.byteLength,
    sha256: sha256(bytes),
    read: async (start, length) => bytes.subarray(start, start + length),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function inFile(
  key: string,
  given: string | undefined,
  head: readonly Uint8Array[],
  body: WatchedBody,
): Promise<BodySource> {
  try {
    const { path, size, sha256: hash } = await writeTemporary(await spoolFolder(given), body, head);
    const opened = await open(path, 'r').catch(async (error: unknown) => {
      await rm(path, { force: true });
      throw error;
    });
    return {
      size,
      sha256: hash,
      read: (start, length) => readPart(key, opened, start, length),
      async [Symbol.asyncDispose]() {
        await opened.close();
        await rm(path, { force: true });
      },
    };
  } catch (error) {
    throw body.threw(error) ? error : spoolError(key, error);
  }
}

async function readPart(key: string, file: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const part = Buffer.allocUnsafe(length);
  let read = 0;
  try {
    while (read < length) {
      const { bytesRead } = await file.read(part, read, length - read, start + read);
      if (bytesRead === 0) throw Object.assign(new Error('cut off'), { code: 'EIO' });
      read += bytesRead;
    }
  } catch (error) {
    throw spoolError(key, error);
  }
  return part;
}

/** The disk's trouble, not the bucket's. */
function spoolError(key: string, error: unknown): ResultStoreError {
  const { message, retryable } = fileStoreError(key, error);
  return new ResultStoreError(`${message}, in the folder where bodies wait for their upload`, retryable);
}
