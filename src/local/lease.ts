import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './is-alive.js';

const TOUCH_MS = 5_000;
/** A lease that nobody touched for this long does not count, whoever has its process id now. */
const STALE_MS = 60_000;

/**
 * Says that this process uses what the folder stands for, until released or until the process ends. The file is named after the process.
 * @returns the release.
 */
export async function takeLease(dir: string): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, `${process.pid}.${randomUUID()}`);
  await writeFile(path, '', { mode: 0o600 });
  const touching = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), TOUCH_MS);
  touching.unref();
  return async () => {
    clearInterval(touching);
    await rm(path, { force: true });
  };
}

/** True while somebody has a lease. Removes the leases of dead processes. */
export async function hasLease(dir: string): Promise<boolean> {
  let inUse = false;
  for (const name of await readdir(dir).catch(() => [])) {
    const path = join(dir, name);
    if (!isAlive(Number(name.split('.')[0]))) {
      await rm(path, { force: true });
      continue;
    }
    // An old lease of a living process stays: the process may be stopped, and touches it again when it goes on.
    const touchedAt = await stat(path).then(
      (found) => found.mtimeMs,
      () => 0,
    );
    if (Date.now() - touchedAt < STALE_MS) inUse = true;
  }
  return inUse;
}
