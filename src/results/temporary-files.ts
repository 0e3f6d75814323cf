import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ObjectBody } from './result-store.js';

/** No write takes this long: an older file has no living writer, whatever host it was on. */
const ABANDONED_MS = 60 * 60_000;
const HOST = hostname().replace(/[^A-Za-z0-9-]/g, '_') || 'host';

/** One folder for all writers of a store: finding what dead ones left must not mean listing every result. */
export const temporaryFolder = (root: string): string => join(root, '.tmp');

/** A body on disk that has no name yet. */
export interface TemporaryFile {
  path: string;
  size: number;
  sha256: string;
}

/** Writes a body to a new temporary file and syncs it. */
export async function writeTemporary(root: string, body: ObjectBody): Promise<TemporaryFile> {
  const folder = temporaryFolder(root);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${HOST}.${process.pid}.${randomBytes(8).toString('hex')}`);
  try {
    const file = await open(path, 'wx');
    const hash = createHash('sha256');
    let size = 0;
    try {
      for await (const chunk of body instanceof Uint8Array ? [body] : body) {
        await file.writeFile(chunk);
        hash.update(chunk);
        size += chunk.byteLength;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return { path, size, sha256: hash.digest('hex') };
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
