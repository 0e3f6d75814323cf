import { createHash } from 'node:crypto';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isBelow } from '../../activities/allowed-roots.js';
import { SNIFF_BYTES, sniffDocument } from '../../activities/sniff-document.js';
import { publicId } from '../plan/document-name.js';
import type { BatchRowInput } from '../../jobs/batch.js';
import type { ManifestEntry } from './manifest-entry.js';
import { ManifestError } from './manifest-error.js';
import { allowedPath, troubleOf } from './manifest-file.js';

const PIECE_BYTES = 256 * 1024;

/**
 * The documents below a folder: folder by folder, names in the order of their code units. What no vendor takes and what is hidden (a name that begins
 * with a dot) is skipped and counted; links to folders are not followed. A file is named by its path in the folder, and its content is part of what
 * it is: a changed file is another document.
 * @throws {ManifestError}
 */
export async function* folderEntries(
  { path: given }: { path: string },
  roots: readonly string[],
): AsyncGenerator<ManifestEntry> {
  const root = await allowedPath(given, roots);
  if (!(await stat(root)).isDirectory()) throw new ManifestError('manifest.path', `${given}: is no folder`);
  let line = 0;
  for await (const name of namesBelow(given, root, '')) {
    line += 1;
    yield name.isHidden ? { line, skipped: true } : { line, ...(await entryOf(root, name.path, roots)) };
  }
}

type Found =
  { row: BatchRowInput } | { skipped: true } | { problem: string; type: 'DocumentSourceRefused'; id: string };

async function entryOf(root: string, id: string, roots: readonly string[]): Promise<Found> {
  const given = join(root, ...id.split('/'));
  const problem = (reason: string): Found => ({ problem: reason, type: 'DocumentSourceRefused', id });
  try {
    const path = await realpath(given);
    if (!(await isBelow(path, [root, ...roots]))) return problem('is a link out of the folders that this worker reads');
    if (!(await stat(path)).isFile()) return { skipped: true };
    const { head, sha256 } = await readAll(path);
    const { refusal } = sniffDocument(given, head);
    return refusal === null
      ? { row: { id: publicId(id), source: pathToFileURL(given).href, version: sha256 } }
      : { skipped: true };
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    // Gone since the folder was listed, or a link to nothing.
    if (code === 'ENOENT') return { skipped: true };
    if (code === 'EACCES' || code === 'EPERM') return problem(`the worker can't read it (${code})`);
    throw troubleOf(id, error);
  }
}

async function readAll(path: string): Promise<{ head: Uint8Array; sha256: string }> {
  const file = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    let head: Uint8Array | undefined;
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES);
      const bytes = piece.subarray(0, bytesRead);
      head ??= Buffer.from(bytes.subarray(0, SNIFF_BYTES));
      if (bytesRead === 0) return { head, sha256: hash.digest('hex') };
      hash.update(bytes);
    }
  } finally {
    await file.close();
  }
}

interface Name {
  /** From the folder, with `/`. */
  path: string;
  isHidden: boolean;
}

async function* namesBelow(given: string, root: string, folder: string): AsyncGenerator<Name> {
  const names = await readdir(join(root, folder)).catch((error: unknown) => {
    throw troubleOf(given, error);
  });
  for (const name of names.sort()) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (name.startsWith('.')) yield { path, isHidden: true };
    else if ((await lstat(join(root, path)).catch(() => null))?.isDirectory() === true) {
      yield* namesBelow(given, root, path);
    } else yield { path, isHidden: false };
  }
}
