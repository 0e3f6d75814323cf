import { randomBytes } from 'node:crypto';
import { access, constants, readdir, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileStore, ResultStoreError } from '../../results/index.js';
import { temporaryFolder } from '../../results/temporary-files.js';
import { messageOf } from '../cli-error.js';
import { ok, problem, type Verdict, warning } from './check.js';

/** What a store's folder is like. */
export interface StoreFacts {
  folder: string;
  /** False before the first result. */
  exists: boolean;
  /** What keeps an object from being written, read back and deleted; null when nothing does. */
  trouble: string | null;
  /** For whoever is no superuser, bytes; null when the system does not tell. */
  freeBytes: number | null;
  /** Unfinished copies that dead writers had left; a store removes them when it is first used. */
  abandoned: number;
}

const LITTLE_BYTES = 1024 ** 3;
const MEND = 'give this user a folder that it can write, with --results DIR or --state DIR';

/** Writes a small object as a worker would, reads it back and deletes it. In a folder that does not exist yet, nothing is made. */
export async function lookAtStore(path: string): Promise<StoreFacts> {
  const folder = resolve(path);
  const there = await nearest(folder);
  const freeBytes = await statfs(there).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
  const facts = { folder, exists: there === folder, freeBytes, abandoned: 0 };
  if (!facts.exists) return { ...facts, trouble: await troubleIn(there) };
  const before = await unfinished(folder);
  const trouble = await writeAndRead(folder).catch((error: unknown) => reasonOf(error));
  const after = await unfinished(folder);
  // What this made itself goes again.
  if (before === null) await rmdir(temporaryFolder(folder)).catch(() => undefined);
  const abandoned = (before ?? []).filter((name) => !(after ?? []).includes(name)).length;
  return { ...facts, trouble, abandoned };
}

export function storeVerdict({ folder, exists, trouble, freeBytes, abandoned }: StoreFacts): Verdict {
  if (trouble !== null) return problem(`${folder} can't be used (${trouble})`, MEND);
  const words = [
    exists ? `${folder} can be written and read` : `${folder} is made with the first result`,
    ...(freeBytes === null ? [] : [`${sizeText(freeBytes)} free`]),
    ...(abandoned === 0
      ? []
      : [`${abandoned} unfinished ${abandoned === 1 ? 'copy' : 'copies'} of dead workers removed`]),
  ].join(', ');
  return freeBytes !== null && freeBytes < LITTLE_BYTES
    ? warning(words, 'make room, or name another folder')
    : ok(words);
}

async function writeAndRead(folder: string): Promise<string | null> {
  const store = fileStore(folder);
  const key = `docjobs-doctor-${randomBytes(8).toString('hex')}.json`;
  const written = Buffer.from(JSON.stringify({ probe: key }));
  try {
    await store.put(key, written, 'application/json');
    const pieces: Uint8Array[] = [];
    for await (const piece of (await store.get(key)) ?? []) pieces.push(piece);
    return Buffer.concat(pieces).equals(written) ? null : 'what was written is not what is read';
  } finally {
    await store.delete(key);
  }
}

/** The folder, or what exists of the way to it. */
async function nearest(path: string): Promise<string> {
  const code = await stat(path).then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code,
  );
  return code !== 'ENOENT' || dirname(path) === path ? path : nearest(dirname(path));
}

async function troubleIn(folder: string): Promise<string | null> {
  try {
    await access(join(folder, '.'), constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return `${folder}: ${(error as NodeJS.ErrnoException).code ?? 'not writable'}`;
  }
}

/** @returns null without a folder for them. */
const unfinished = (folder: string): Promise<string[] | null> => readdir(temporaryFolder(folder)).catch(() => null);

/** Without the object's key, which says nothing to anybody. */
const reasonOf = (error: unknown): string =>
  error instanceof ResultStoreError ? (error.message.split(': ').at(-1) ?? '') : messageOf(error);

function sizeText(bytes: number): string {
  const gib = bytes / 1024 ** 3;
  return gib >= 1 ? `${gib.toFixed(gib < 10 ? 1 : 0)} GB` : `${Math.floor(bytes / 1024 ** 2)} MB`;
}
