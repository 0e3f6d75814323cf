import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './is-alive.js';

export interface FileLockOptions {
  /** A holder that has not touched its lock for this long, as seen by one who waits, is taken for dead even if a process has its id. Default 15 000 ms. */
  staleMs?: number;
}

const RETRY_MS = 50;
const TOUCH_MS = 1_000;

/**
 * Runs `body` while no other process (nor another call in this one) runs one under the same path. The holder's pid stands in the
 * file: a dead holder's lock is broken at once, and because ids are reused (small ones in containers), so is one that nobody touches.
 */
export async function withFileLock<T>(path: string, body: () => Promise<T>, options: FileLockOptions = {}): Promise<T> {
  const mine = `${process.pid} ${randomUUID()}`;
  await acquire(path, mine, options.staleMs ?? 15_000);
  const touching = setInterval(() => void touch(path), TOUCH_MS);
  touching.unref();
  try {
    return await body();
  } finally {
    clearInterval(touching);
    if ((await read(path)) === mine) await rm(path, { force: true });
  }
}

async function acquire(path: string, mine: string, staleMs: number): Promise<void> {
  let seen = '';
  let seenSince = performance.now();
  while (!(await create(path, mine))) {
    const holder = await read(path);
    // Changes whenever the holder touches its lock. Own waiting is measured, not the file's age: a sleeping laptop ages files.
    const sign = `${holder} ${await mtime(path)}`;
    if (sign !== seen) [seen, seenSince] = [sign, performance.now()];
    const stale = holder !== null && (!isAlive(pidOf(holder)) || performance.now() - seenSince > staleMs);
    if (stale) await breakLock(path, holder, staleMs);
    else await sleep(RETRY_MS);
  }
}

/** Two who find the same stale lock: the second must not remove the lock that the first has taken since. */
async function breakLock(path: string, stale: string, staleMs: number): Promise<void> {
  const breaking = `${path}.breaking`;
  if (await create(breaking, String(process.pid))) {
    if ((await read(path)) === stale) await rm(path, { force: true });
    await rm(breaking, { force: true });
  } else {
    await sleep(RETRY_MS);
    // Held for microseconds, unless its holder was killed in them.
    const since = await mtime(breaking);
    if (since !== null && Date.now() - since > staleMs) await rm(breaking, { force: true });
  }
}

/** Creates the file with its content in one step: nobody ever reads an empty lock. @returns false when it exists. */
async function create(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, content, { mode: 0o600 });
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

const pidOf = (content: string): number => Number(content.split(' ')[0]);
const read = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);
const mtime = (path: string): Promise<number | null> =>
  stat(path).then(
    (found) => found.mtimeMs,
    () => null,
  );
const touch = (path: string): Promise<void> => utimes(path, new Date(), new Date()).catch(() => undefined);
