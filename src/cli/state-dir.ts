import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/*
 * What a worker of ours must know to go on with a document after its command was killed stands in the state folder: which local
 * files were named on a command line, and which provider an account or a run belongs to. One small file an entry: commands that run
 * at the same time never overwrite each other's. Keys are never kept.
 */

export const resultsDir = (stateDir: string): string => join(stateDir, 'results');
export const sandboxFile = (stateDir: string): string => join(stateDir, 'sandbox.json');

/** Allows a worker of this state folder to upload a file. */
export async function rememberSource(stateDir: string, path: string): Promise<void> {
  await remember(join(stateDir, 'sources'), path, path);
}

/** True when a command line of this state folder has named the file. */
export async function isRememberedSource(stateDir: string, path: string): Promise<boolean> {
  const real = await realpath(path).catch(() => path);
  return (await recall(join(stateDir, 'sources'), real)) === real;
}

/** Allows a worker of this state folder to read what lies below a folder: manifests and documents of a batch. */
export async function rememberFolder(stateDir: string, path: string): Promise<void> {
  await remember(join(stateDir, 'folders'), path, path);
}

/** The folders that command lines of this state folder have named, each by its real path. */
export async function rememberedFolders(stateDir: string): Promise<string[]> {
  const dir = join(stateDir, 'folders');
  const names = (await readdir(dir).catch(() => [])).filter((name) => !name.endsWith('.tmp'));
  const folders = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8').catch(() => null)));
  return folders.filter((folder) => folder !== null);
}

export async function rememberAccount(stateDir: string, account: string, provider: string): Promise<void> {
  await remember(join(stateDir, 'accounts'), account, provider);
}

/** The provider that an account name stands for, as a command line of this state folder has said. */
export function providerOfAccount(stateDir: string, account: string): Promise<string | null> {
  return recall(join(stateDir, 'accounts'), account);
}

/** Notes whose key a run needs, for the command that goes on with it. */
export async function rememberRun(stateDir: string, workflowId: string, provider: string): Promise<void> {
  await remember(join(stateDir, 'runs'), workflowId, provider);
}

/** @returns null for a run that no command of this state folder has started. */
export function providerOfRun(stateDir: string, workflowId: string): Promise<string | null> {
  return recall(join(stateDir, 'runs'), workflowId);
}

async function remember(dir: string, key: string, value: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeAtomically(join(dir, fileName(key)), value);
}

async function recall(dir: string, key: string): Promise<string | null> {
  return readFile(join(dir, fileName(key)), 'utf8').catch(() => null);
}

/** A reader never sees half a file. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}

const fileName = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32);
