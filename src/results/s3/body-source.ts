import { lstat, mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStoreError } from '../file-store-error.js';
import { ResultStoreError, type ObjectBody } from '../result-store.js';
import { sha256 } from '../sha256.js';
import { removeAbandoned, writeTemporary } from '../temporary-files.js';

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
  body: ObjectBody,
  { memoryBytes, spoolFolder }: HoldOptions,
): Promise<BodySource> {
  if (body instanceof Uint8Array) return inMemory(body);
  const stream = body[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let size = 0;
  while (size <= memoryBytes) {
    const next = await stream.next();
    if (next.done === true) return inMemory(head.length === 1 && head[0] ? head[0] : Buffer.concat(head));
    head.push(next.value);
    size += next.value.byteLength;
  }
  return inFile(key, spoolFolder, head, stream);
}

function inMemory(bytes: Uint8Array): BodySource {
  return {
    size: bytes.byteLength,
    sha256: sha256(bytes),
    read: async (start, length) => bytes.subarray(start, start + length),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const cleaned = new Set<string>();

async function inFile(
  key: string,
  given: string | undefined,
  head: Uint8Array[],
  stream: AsyncIterator<Uint8Array>,
): Promise<BodySource> {
  const own = new SourceErrors();
  try {
    const folder = given ?? (await privateFolder());
    if (!cleaned.has(folder)) {
      cleaned.add(folder);
      await removeAbandoned(folder);
    }
    const { path, size, sha256: hash } = await writeTemporary(folder, own.watch(head, stream));
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
    if (own.has(error)) throw error;
    // The disk gave up: let the stream's owner close what it reads from.
    await stream.return?.().catch(() => undefined);
    throw spoolError(key, error);
  }
}

/** Tells what the body's stream threw from what the disk did. */
class SourceErrors {
  #thrown: unknown[] = [];
  has = (error: unknown): boolean => this.#thrown.includes(error);

  async *watch(head: Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
    for (let chunk = head.shift(); chunk !== undefined; chunk = head.shift()) yield chunk;
    for (;;) {
      const next = await this.#next(rest);
      if (next.done === true) return;
      yield next.value;
    }
  }

  async #next(stream: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
    try {
      return await stream.next();
    } catch (error) {
      this.#thrown.push(error);
      throw error;
    }
  }
}

/** Parse content waits here, below a folder that all users share: made for this user only, and not used if another one has made it. */
async function privateFolder(): Promise<string> {
  const uid = process.getuid?.();
  const folder = join(tmpdir(), `temporal-document-jobs-${uid ?? 'spool'}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (uid !== undefined && (await lstat(folder)).uid !== uid) {
    throw Object.assign(new Error('another user has made it'), { code: 'EPERM' });
  }
  return folder;
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
