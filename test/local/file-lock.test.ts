import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from '../../src/local/file-lock.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** How many were inside at once, at most. */
async function most(callers: number, staleMs?: number): Promise<number> {
  let [inside, seen] = [0, 0];
  const body = async (): Promise<void> => {
    seen = Math.max(seen, ++inside);
    await sleep(5);
    inside--;
  };
  const options = staleMs === undefined ? {} : { staleMs };
  await Promise.all(Array.from({ length: callers }, () => withFileLock(path, body, options)));
  return seen;
}

const deadPid = (): number => spawnSync('true').pid;

describe('withFileLock', () => {
  it('lets one in at a time and leaves nothing behind', async () => {
    expect(await most(8)).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets the next one in after a failure', async () => {
    const fails = withFileLock(path, () => Promise.reject(new Error('mine')));
    await expect(fails).rejects.toThrow('mine');
    expect(await withFileLock(path, async () => 'next')).toBe('next');
  });

  it('breaks the lock of a dead process, for one of many that wait', async () => {
    await writeFile(path, `${deadPid()} someone`);
    expect(await most(8)).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('breaks a lock that nobody touches, though a process has its id', async () => {
    await writeFile(path, `${process.pid} someone-before-us`);
    expect(await most(4, 200)).toBe(1);
  });

  it('goes on when one was killed while it broke a lock', async () => {
    await writeFile(path, `${deadPid()} someone`);
    await writeFile(`${path}.breaking`, '');
    expect(await most(4, 200)).toBe(1);
  });
});
