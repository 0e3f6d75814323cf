import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../jobs/failures.js';
import type { WatchedBody } from './watched-body.js';
import { writeBody } from './write-body.js';

/** No write takes this long: an older file has no living writer, whatever host it was on. */
const ABANDONED_MS = 60 * 60_000;
const HOST = hostname().replace(/[^A-Za-z0-9-]/g, '_') || 'host';

/** One folder for all writers of a store: finding what dead ones left must not mean listing every result. */
export const temporaryFolder = (root: string): string => join(root, '.tmp');

/** A name for a new file in that folder. It tells whose it is, so that {@link removeAbandoned} knows the files of the dead. */
export const temporaryPath = (root: string): string =>
  join(temporaryFolder(root), `${HOST}.${process.pid}.${randomBytes(8).toString('hex')}`);

/** A body on disk that has no name yet. */
export interface TemporaryFile extends Digest {
  path: string;
}

/**
 * Writes a body to a new temporary file and syncs it. When this fails, the file is removed.
 * @param head pieces that were read from the body before.
 * @throws what the body's stream throws, or what the disk does.
 */
export async function writeTemporary(
  root: string,
  body: WatchedBody,
  head: readonly Uint8Array[] = [],
): Promise<TemporaryFile> {
  const path = temporaryPath(root);
  try {
    await mkdir(temporaryFolder(root), { recursive: true });
    const file = await open(path, 'wx');
    try {
      const written = await writeBody(file, body, head);
      await file.sync();
      return { path, ...written };
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Removes what writers left that died in the middle; files of living ones stay. Best effort: it never stands in the way of a write. */
export async function removeAbandoned(root: string, now = Date.now()): Promise<void> {
  const folder = temporaryFolder(root);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    try {
      if (isDeadHere(name) || now - (await stat(path)).mtimeMs > ABANDONED_MS) await rm(path, { force: true });
    } catch {
      // Another worker was faster, or the file is not ours to remove.
    }
  }
}

function isDeadHere(name: string): boolean {
  const [host, pid] = name.split('.');
  if (host !== HOST || pid === undefined || Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as { code?: string }).code === 'ESRCH';
  }
}
