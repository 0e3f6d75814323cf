import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeAbandoned } from './temporary-files.js';

const cleaned = new Set<string>();

/**
 * Where bodies wait on this host's disk for what has to be known first; `writeTemporary` writes into it. Once in a process's life what dead
 * ones left there is removed.
 * @param given default: a folder of this user's in the system's temporary one.
 */
export async function spoolFolder(given?: string): Promise<string> {
  const folder = given ?? (await privateFolder());
  if (!cleaned.has(folder)) {
    cleaned.add(folder);
    await removeAbandoned(folder);
  }
  return folder;
}

/** Removes what dead processes left, for whoever does not need the folder now: a body that is stored already may have waited there. Never throws. */
export async function tidySpool(given?: string): Promise<void> {
  await spoolFolder(given).catch(() => undefined);
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
