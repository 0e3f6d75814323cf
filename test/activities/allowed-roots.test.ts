import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowedRoots } from '../../src/activities/index.js';

const context = { provider: 'fake', account: 'fake', signal: new AbortController().signal };
let base: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'roots-')));
  await mkdir(join(base, 'in', 'sub'), { recursive: true });
  await mkdir(join(base, 'in-too'));
  await writeFile(join(base, 'in', 'a b.pdf'), '%PDF-');
  await writeFile(join(base, 'in', 'sub', 'c.txt'), 'text');
  await writeFile(join(base, 'in', 'empty.pdf'), '');
  await writeFile(join(base, 'in-too', 'secret.pdf'), '%PDF-');
  await symlink(join(base, 'in-too', 'secret.pdf'), join(base, 'in', 'link.pdf'));
  await symlink(join(base, 'in', 'a b.pdf'), join(base, 'in', 'inner.pdf'));
  await symlink(join(base, 'in-too'), join(base, 'in', 'folder-link'));
});
afterEach(() => rm(base, { recursive: true }));

const resolveIn = (source: string): ReturnType<ReturnType<typeof allowedRoots>> =>
  allowedRoots([join(base, 'in')])(source, context);

describe('allowedRoots', () => {
  it('takes files below the root, by path and by URL', async () => {
    const path = join(base, 'in', 'a b.pdf');
    const expected = { filename: 'a b.pdf', contentType: 'application/pdf', size: 5, path };
    expect(await resolveIn(path)).toEqual(expected);
    expect(await resolveIn(pathToFileURL(path).href)).toEqual(expected);
    expect(await resolveIn(join(base, 'in', 'sub', 'c.txt'))).toMatchObject({ contentType: 'text/plain' });
  });

  it('takes a root that is a single file, and only it', async () => {
    const only = allowedRoots([join(base, 'in', 'a b.pdf')]);
    expect(await only(join(base, 'in', 'a b.pdf'), context)).toMatchObject({ size: 5 });
    await expect(only(join(base, 'in', 'empty.pdf'), context)).rejects.toThrow('not under a folder');
  });

  it('follows links that stay inside, under the name of the link', async () => {
    const found = await resolveIn(join(base, 'in', 'inner.pdf'));
    expect(found).toMatchObject({ filename: 'inner.pdf', path: join(base, 'in', 'a b.pdf') });
  });

  it.each([
    ['in/link.pdf', 'not under a folder'],
    ['in/folder-link/secret.pdf', 'not under a folder'],
    ['in-too/secret.pdf', 'not under a folder'],
    ['in/../in-too/secret.pdf', 'not under a folder'],
    ['nowhere.pdf', 'not under a folder'],
    ['in/missing.pdf', 'no such file'],
    ['in/empty.pdf', 'empty'],
    ['in/sub', 'is a folder'],
  ])('refuses %s: %s', async (name, words) => {
    const refusal = resolveIn(`${base}/${name}`);
    await expect(refusal).rejects.toMatchObject({ name: 'SourceRefusedError' });
    await expect(refusal).rejects.toThrow(words);
  });

  it.each(['s3://bucket/key?sig=abc', 'file://host/path', 'ftp://x/y'])('refuses %s', async (source) => {
    const error: unknown = await resolveIn(source).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'SourceRefusedError' });
    expect((error as Error).message).not.toContain('sig=abc');
  });
});
