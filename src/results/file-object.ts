import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { Digest } from '../jobs/failures.js';
import { errorCode, fileStoreError } from './file-store-error.js';
import { ResultStoreError } from './result-store.js';

/** Read at once, and all that is held of an object. */
const PIECE_BYTES = 128 * 1024;

/**
 * Opens an object that lies in a file. What is wrong with the file is told here; but it stays open only while it is read, so that a stream
 * that nobody begins holds nothing.
 * @returns null when there is none. The stream may be read more than once.
 */
export async function openFileObject(key: string, path: string): Promise<AsyncIterable<Uint8Array> | null> {
  const size = await withFile(path, sizeOf);
  return size === null ? null : { [Symbol.asyncIterator]: () => readFileObject(key, path, size) };
}

/** Size and hash of a file's bytes. @returns null when there is none. */
export async function digestFile(path: string): Promise<Digest | null> {
  return withFile(path, async (file) => {
    const hash = createHash('sha256');
    const size = await sizeOf(file);
    for await (const piece of piecesOf(file, size)) hash.update(piece);
    return { size, sha256: hash.digest('hex') };
  });
}

async function* readFileObject(key: string, path: string, size: number): AsyncGenerator<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      if ((await sizeOf(file)) !== size) throw new ResultStoreError(`result store: ${key}: changed meanwhile`, true);
      yield* piecesOf(file, size);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileStoreError(key, error);
  }
}

/** Each piece is its reader's own. */
async function* piecesOf(file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size;) {
    const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, size - at));
    const { bytesRead } = await file.read(piece, 0, piece.byteLength, at);
    if (bytesRead === 0) throw Object.assign(new Error('cut off'), { code: 'EIO' });
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T | null> {
  const file = await unlessAbsent(open(path, 'r'));
  if (file === null) return null;
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function sizeOf(file: FileHandle): Promise<number> {
  const found = await file.stat();
  // A folder can be opened, and only its reading fails.
  if (found.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  return found.size;
}

/** @returns null for a file that is not there. */
export async function unlessAbsent<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
