import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { checkKey } from './check-key.js';
import { digestFile, openFileObject, unlessAbsent } from './file-object.js';
import { errorCode, fileStoreError } from './file-store-error.js';
import type { ResultStore, StoredObject } from './result-store.js';
import { removeAbandoned, writeTemporary } from './temporary-files.js';
import { lendBody, WatchedBody } from './watched-body.js';

/** Content types that the key's extension says; any other is kept in a small file beside the objects. */
const BY_EXTENSION: Readonly<Record<string, string>> = { '.json': 'application/json' };

/**
 * Keeps results as files below `root`, which is made when missing: for workers on one host, or on a mount that all of them share.
 * An object appears whole or not at all, and is on disk when `put` returns.
 */
export function fileStore(root: string): ResultStore {
  const base = resolve(root);
  const pathOf = (key: string): string => join(base, key);
  const typePathOf = (key: string): string => join(base, '.types', key);
  let cleaned: Promise<void> | undefined;
  /** Before the first look, not only before a write: the writer that died may have been done but for its temporary file. */
  const cleanUp = (): Promise<void> => (cleaned ??= removeAbandoned(base));

  async function contentTypeOf(key: string): Promise<string> {
    const kept = await unlessAbsent(readFile(typePathOf(key), 'utf8'));
    return kept ?? BY_EXTENSION[extname(key)] ?? 'application/octet-stream';
  }

  async function factsOf(key: string): Promise<StoredObject | null> {
    const found = await digestFile(pathOf(key));
    return found === null ? null : { ...found, contentType: await contentTypeOf(key) };
  }

  async function keepType(key: string, contentType: string): Promise<void> {
    if (contentType === BY_EXTENSION[extname(key)]) return;
    await mkdir(dirname(typePathOf(key)), { recursive: true });
    const { path } = await writeTemporary(base, new WatchedBody(Buffer.from(contentType)));
    await publish(path, typePathOf(key));
  }

  async function put(key: string, body: WatchedBody, contentType: string): Promise<StoredObject> {
    checkKey(key);
    await cleanUp();
    const earlier = await factsOf(key);
    if (earlier !== null) return earlier;
    const path = pathOf(key);
    await mkdir(dirname(path), { recursive: true });
    await keepType(key, contentType);
    const { path: temporary, size, sha256 } = await writeTemporary(base, body);
    const facts = { size, sha256, contentType };
    const won = await publish(temporary, path);
    return won ? facts : ((await factsOf(key)) ?? facts);
  }

  return {
    put: (key, body, contentType) =>
      lendBody(
        body,
        (error) => fileStoreError(key, error),
        (lent) => put(key, lent, contentType),
      ),
    head: (key) => guarded(key, () => cleanUp().then(() => factsOf(key))),
    get: (key) => guarded(key, () => openFileObject(key, pathOf(key))),
    delete: (key) =>
      guarded(key, async () => {
        await rm(pathOf(key), { force: true });
        await rm(typePathOf(key), { force: true });
      }),
    tidy: () => removeAbandoned(base),
  };
}

async function guarded<T>(key: string, work: () => Promise<T>): Promise<T> {
  checkKey(key);
  try {
    return await work();
  } catch (error) {
    throw fileStoreError(key, error);
  }
}

/** Gives a finished temporary file its name, unless another has it already. @returns whether it got the name. */
async function publish(temporary: string, path: string): Promise<boolean> {
  try {
    // Unlike rename, link never replaces what is there.
    await link(temporary, path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    // A file system without hard links: two writers of one key bring the same vendor's body, so the small gap here does no harm.
    if (await isThere(path)) return false;
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  await syncFolder(dirname(path));
  return true;
}

/** Makes the new name itself survive a power cut. Some systems can't open a folder; the object is complete all the same. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    return;
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
