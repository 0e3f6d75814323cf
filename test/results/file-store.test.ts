import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileStoreError } from '../../src/results/file-store-error.js';
import { fileStore } from '../../src/results/index.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'results-'));
});
afterEach(() => rm(root, { recursive: true }));

const body = Buffer.from('{}');
const HOST = hostname().replace(/[^A-Za-z0-9-]/g, '_') || 'host';

async function leave(name: string, ageMs = 0): Promise<void> {
  const path = join(root, '.tmp', name);
  await mkdir(join(root, '.tmp'), { recursive: true });
  await writeFile(path, 'half');
  const at = new Date(Date.now() - ageMs);
  await utimes(path, at, at);
}

describe('fileStore', () => {
  it('leaves no temporary file behind, whether it won or lost', async () => {
    const store = fileStore(root);
    await Promise.all([1, 2, 3].map(() => store.put('a.json', body, 'application/json')));
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
  });

  it('removes what dead writers left and keeps what living ones write', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    await leave(`${HOST}.${dead}.aa`);
    await leave(`${HOST}.${process.pid}.bb`);
    await leave(`${HOST}.${process.ppid}.cc`);
    await leave(`other-host.${dead}.dd`);
    await leave('other-host.1.ee', 2 * 60 * 60_000);
    await fileStore(root).put('a.json', body, 'application/json');
    expect((await readdir(join(root, '.tmp'))).sort()).toEqual(
      [`${HOST}.${process.pid}.bb`, `${HOST}.${process.ppid}.cc`, `other-host.${dead}.dd`].sort(),
    );
  });

  it('says for good that a file stands where a folder must be', async () => {
    await writeFile(join(root, 'p'), 'a file');
    const refused = { name: 'ResultStoreError', retryable: false };
    await expect(fileStore(root).put('p/a.json', body, 'application/json')).rejects.toMatchObject(refused);
  });

  it('names the key in its errors and no path of the host', async () => {
    await writeFile(join(root, 'p'), 'a file');
    const error: unknown = await fileStore(root)
      .put('p/a.json', body, 'application/json')
      .catch((reason: unknown) => reason);
    expect((error as Error).message).toContain('p/a.json');
    expect((error as Error).message).not.toContain(root);
  });
});

describe('fileStoreError', () => {
  it.each([
    ['EROFS', false],
    ['EACCES', false],
    ['EPERM', false],
    ['ENOTDIR', false],
    ['ENOSPC', true],
    ['EDQUOT', true],
    ['EIO', true],
    ['EMFILE', true],
    ['ESTALE', true],
  ])('%s is retryable: %s', (code, retryable) => {
    const error = fileStoreError('k.json', Object.assign(new Error('x'), { code }));
    expect(error).toMatchObject({ retryable });
    expect(error.message).toContain(code);
  });
});
