import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { isBelow, localPath, placeOf } from '../../activities/allowed-roots.js';
import { csvEntries } from './csv-entries.js';
import { jsonlEntries } from './jsonl-entries.js';
import type { ManifestEntry } from './manifest-entry.js';
import { ManifestError } from './manifest-error.js';

const PIECE_BYTES = 256 * 1024;
const FORMATS: Readonly<Record<string, 'jsonl' | 'csv'>> = {
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.csv': 'csv',
  '.tsv': 'csv',
};

/**
 * What a manifest file lists, read once from its beginning to its end in flat memory.
 * @param roots files and folders from which this worker reads manifests.
 * @throws {ManifestError} for a file that is none, that may not be read here, or that was changed while it was read.
 */
export async function* fileEntries(
  { path: given, format }: { path: string; format?: 'jsonl' | 'csv' },
  roots: readonly string[],
): AsyncGenerator<ManifestEntry> {
  const path = await allowedPath(given, roots);
  const known = format ?? FORMATS[extname(path).toLowerCase()] ?? FORMATS[extname(given).toLowerCase()];
  if (known === undefined) {
    throw new ManifestError('manifest.format', `${given}: its ending is not .jsonl, .ndjson or .csv: say which it is`);
  }
  const file = await open(path, 'r').catch((error: unknown) => {
    throw troubleOf(given, error);
  });
  try {
    const before = await factsOf(file);
    if (!before.isFile) throw new ManifestError('manifest.path', `${given}: is no file`);
    const bytes = piecesOf(file, given);
    yield* known === 'csv' ? csvEntries(bytes) : jsonlEntries(bytes);
    const after = await factsOf(file);
    const named = await stat(path, { bigint: true }).catch(() => null);
    if (after.mark !== before.mark || named?.ino !== before.ino) {
      throw new ManifestError('manifest.path', `${given}: was changed or removed while it was read`, { mayPass: true });
    }
  } finally {
    await file.close();
  }
}

/** Where a path that this worker may read really leads. @throws {ManifestError} */
export async function allowedPath(given: string, roots: readonly string[]): Promise<string> {
  if (typeof given !== 'string' || given.trim() === '') {
    throw new ManifestError('manifest.path', 'expected the path of a file or folder on the worker');
  }
  const absolute = absolutePath(given);
  const path = await realpath(absolute).catch(() => null);
  // Asked first, so that nobody learns from the answer what exists elsewhere on the worker.
  if (!(await isBelow(path ?? (await placeOf(absolute)), roots))) {
    const remedy = 'createDocumentActivities({ manifests: […] }) names the files and folders';
    throw new ManifestError('manifest.path', `${given}: this worker reads no manifest from there: ${remedy}`);
  }
  if (path === null) {
    throw new ManifestError('manifest.path', `${given}: no such file or folder`, { mayPass: true, absent: true });
  }
  return path;
}

function absolutePath(given: string): string {
  try {
    return localPath(given);
  } catch (error) {
    throw new ManifestError('manifest.path', error instanceof Error ? error.message : 'is no path');
  }
}

/** What has gone wrong with a path, and whether it may be otherwise later. */
export function troubleOf(given: string, error: unknown): Error {
  if (error instanceof ManifestError) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return error instanceof Error ? error : new Error('unknown error');
  const isForGood = code === 'EACCES' || code === 'EPERM' || code === 'EISDIR' || code === 'ENOTDIR';
  return new ManifestError('manifest.path', `${given}: the worker can't read it (${code})`, { mayPass: !isForGood });
}

async function factsOf(file: FileHandle): Promise<{ isFile: boolean; ino: bigint; mark: string }> {
  const facts = await file.stat({ bigint: true });
  return { isFile: facts.isFile(), ino: facts.ino, mark: `${facts.size} ${facts.mtimeNs}` };
}

/** One buffer for all pieces: what a reader wants to keep it copies. */
async function* piecesOf(file: FileHandle, given: string): AsyncGenerator<Uint8Array> {
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  for (let position = 0; ;) {
    const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, position).catch((error: unknown) => {
      throw troubleOf(given, error);
    });
    if (bytesRead === 0) return;
    if (position === 0 && piece.subarray(0, Math.min(bytesRead, 4096)).includes(0)) {
      throw new ManifestError('manifest.path', `${given}: is no UTF-8 text`);
    }
    position += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
