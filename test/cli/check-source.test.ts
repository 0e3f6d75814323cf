import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkSource } from '../../src/cli/check-source.js';

const provider = { name: 'reducto', isReference: (source: string) => /^(reducto|jobid):\/\//.test(source) };
const check = (source: string) => checkSource(source, provider, { loopback: true, private: false });
let dir: string;
beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'docjobs-source-')));
  await mkdir(join(dir, 'folder'));
  await writeFile(join(dir, 'a.pdf'), '%PDF-1.7\nbody');
  await writeFile(join(dir, 'empty.pdf'), '');
  await writeFile(join(dir, 'image.pdf'), Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1'));
  await writeFile(join(dir, 'a.zip'), Buffer.from('PK\x03\x04....data', 'latin1'));
  await symlink(join(dir, 'a.pdf'), join(dir, 'link.pdf'));
});

describe('a local file', () => {
  it('is named by its content, wherever it lies', async () => {
    const path = join(dir, 'a.pdf');
    const expected = {
      source: pathToFileURL(path).href,
      label: 'a.pdf',
      name: 'a',
      contentHash: createHash('sha256').update('%PDF-1.7\nbody').digest('hex'),
      path,
    };
    expect(await check(path)).toEqual(expected);
    expect(await check(pathToFileURL(path).href)).toEqual(expected);
    expect(await check(join(dir, 'link.pdf'))).toEqual(expected);
  });

  it.each([
    ['none.pdf', 'no such file'],
    ['a.pdf/b.pdf', 'no such file'],
    ['folder', 'is a folder, expected a document'],
    ['empty.pdf', 'the file is empty'],
    ['image.pdf', 'it holds a PNG image'],
    ['a.zip', 'it is a zip archive, not a document'],
  ])('%s is refused: %s', async (name, reason) => {
    await expect(check(join(dir, name))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(reason) as string,
    });
  });
});

describe('a URL', () => {
  it('is taken as it is, and shown without its query', async () => {
    const source = 'https://bucket.example.com/in/a%20b.pdf?X-Signature=secret';
    expect(await check(source)).toEqual({
      source,
      label: 'https://bucket.example.com/in/a%20b.pdf',
      name: 'a%20b',
      contentHash: source,
    });
    expect(await check('http://127.0.0.1:8080/a.pdf')).toMatchObject({ name: 'a' });
  });

  it.each([
    ['http://example.com/a.pdf?key=secret', 'only https URLs'],
    ['https://user:secret@example.com/a.pdf', 'has a user name or password before its host'],
    ['https://?secret', 'is no URL that every program reads alike'],
    ['ftp://example.com/a.pdf?secret', 'expected a file, an https URL or a reference of reducto'],
  ])('%s is refused without repeating a secret', async (source, reason) => {
    const error: unknown = await check(source).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(reason) as string });
    expect((error as Error).message).not.toContain('secret');
  });
});

it('a reference of the vendor is taken as it is', async () => {
  const source = 'reducto://0a1b.pdf';
  expect(await check(source)).toEqual({ source, label: source, name: '0a1b', contentHash: source });
});
