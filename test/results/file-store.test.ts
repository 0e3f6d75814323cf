import { readWhole } from '../../src/json-stream/index.js';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readlink, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
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

const MIB = 1024 * 1024;
const LARGE = Buffer.alloc(3 * MIB, 'large ');

/** Files of this process that are open below the store. */
async function openFiles(): Promise<string[]> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return links.filter((link) => link.startsWith(root));
}

describe('reading', () => {
  it('holds no file open that nobody reads: neither before the first piece nor after the reader has left', async () => {
    const store = fileStore(root);
    await store.put('a.json', LARGE, 'application/json');
    const bytes = (await store.get('a.json'))!;
    expect(await openFiles()).toEqual([]);
    const stream = bytes[Symbol.asyncIterator]();
    await stream.next();
    expect(await openFiles()).toHaveLength(1);
    await stream.return?.();
    expect(await openFiles()).toEqual([]);
    await readWhole(bytes);
    await store.head('a.json');
    expect(await openFiles()).toEqual([]);
  });

  it('gives pieces that stay as they are when more is read', async () => {
    await fileStore(root).put('a.json', LARGE, 'application/json');
    const pieces: Uint8Array[] = [];
    for await (const piece of (await fileStore(root).get('a.json'))!) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(3);
    expect(Buffer.compare(Buffer.concat(pieces), LARGE)).toBe(0);
  });

  it('says by get itself that there is a folder of the name', async () => {
    await mkdir(join(root, 'p', 'a.json'), { recursive: true });
    for (const work of [() => fileStore(root).get('p/a.json'), () => fileStore(root).head('p/a.json')]) {
      await expect(work()).rejects.toMatchObject({ name: 'ResultStoreError', retryable: false });
    }
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['deleted before the first piece', (path) => rm(path)],
    ['replaced by a shorter one', (path) => writeFile(path, 'x')],
  ])('is an error that can heal when the object is %s', async (_how, harm) => {
    await fileStore(root).put('p/a.json', LARGE, 'application/json');
    const bytes = (await fileStore(root).get('p/a.json'))!;
    await harm(join(root, 'p', 'a.json'));
    const error: unknown = await readWhole(bytes).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ResultStoreError', retryable: true });
    expect((error as Error).message).toContain('p/a.json');
    expect((error as Error).message).not.toContain(root);
  });

  it('is an error when the file is cut off under the reader', async () => {
    await fileStore(root).put('a.json', LARGE, 'application/json');
    const stream = (await fileStore(root).get('a.json'))![Symbol.asyncIterator]();
    await stream.next();
    await truncate(join(root, 'a.json'), MIB);
    const rest = async (): Promise<void> => {
      while ((await stream.next()).done !== true);
    };
    await expect(rest()).rejects.toMatchObject({ name: 'ResultStoreError', retryable: true });
    expect(await openFiles()).toEqual([]);
  });
});

describe('a body', () => {
  /** Tells whether its reader let go of it. */
  function watched(breaksWith?: Error) {
    const seen = { isClosed: false, begun: false };
    async function* read(): AsyncGenerator<Uint8Array> {
      try {
        seen.begun = true;
        yield body;
        if (breaksWith !== undefined) throw breaksWith;
      } finally {
        seen.isClosed = true;
      }
    }
    return { seen, stream: read() };
  }

  it.each(['EACCES', 'ENOSPC', 'ECONNRESET'])('that breaks off with %s throws that very error', async (code) => {
    const own = Object.assign(new Error('the vendor hung up'), { code });
    await expect(fileStore(root).put('a.json', watched(own).stream, 'application/json')).rejects.toBe(own);
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
    expect(await fileStore(root).get('a.json')).toBeNull();
  });

  it('is let go of when the disk gives up', async () => {
    await writeFile(join(root, '.tmp'), 'a file');
    const { stream } = watched();
    const refused = { name: 'ResultStoreError', retryable: false };
    await expect(fileStore(root).put('a.json', stream, 'application/json')).rejects.toMatchObject(refused);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('is let go of unread when the key has an object, but for a stream of Node’s, which may be a request to be answered', async () => {
    await fileStore(root).put('a.json', body, 'application/json');
    const { stream, seen } = watched();
    await fileStore(root).put('a.json', stream, 'application/json');
    expect(await stream.next()).toMatchObject({ done: true });
    expect(seen.begun).toBe(false);
    const node = new PassThrough();
    await fileStore(root).put('a.json', node, 'application/json');
    expect(node.destroyed).toBe(false);
  });
});

describe('fileStoreError', () => {
  it.each([
    ['EROFS', false],
    ['EACCES', false],
    ['EPERM', false],
    ['ENOTDIR', false],
    ['EEXIST', false],
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
