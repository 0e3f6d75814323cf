import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { bringsWorker, documentQueue } from '../../src/cli/document-queue.js';
import { followCommandText } from '../../src/cli/follow-command.js';
import { isRememberedSource, providerOfRun, rememberRun, rememberSource } from '../../src/cli/state-dir.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-small-'));
});

describe('documentQueue', () => {
  it('keeps documents of the sandbox and of other addresses apart', () => {
    const baseUrl = 'http://127.0.0.1:9/reducto';
    expect(documentQueue({ sandbox: false, embedded: true })).toBe('document-jobs');
    expect(documentQueue({ sandbox: false, embedded: false, baseUrl })).toBe('document-jobs');
    expect(documentQueue({ sandbox: true, embedded: false, baseUrl })).toBe('document-jobs-sandbox');
    const own = documentQueue({ sandbox: false, embedded: true, baseUrl });
    expect(own).toMatch(/^document-jobs-[0-9a-f]{8}$/);
    expect(documentQueue({ sandbox: false, embedded: true, baseUrl: `${baseUrl}2` })).not.toBe(own);
  });

  it('brings a worker where no other is to be expected', () => {
    expect(bringsWorker({ embedded: true }, 'document-jobs')).toBe(true);
    expect(bringsWorker({ embedded: false }, 'document-jobs-sandbox')).toBe(true);
    expect(bringsWorker({ embedded: false }, 'document-jobs')).toBe(false);
  });
});

it('the command to follow leads back to the same Temporal and can be pasted', () => {
  expect(followCommandText({}, 'document-1')).toBe('docjobs follow document-1');
  expect(followCommandText({ address: 'h:1', namespace: 'n' }, 'w')).toBe(
    'docjobs follow w --address h:1 --namespace n',
  );
  expect(followCommandText({ state: "/a b/it's" }, 'w $x')).toBe(`docjobs follow 'w $x' --state '/a b/it'\\''s'`);
});

describe('what a later command must know', () => {
  it('remembers files by their real path, and no others', async () => {
    const file = join(dir, 'a.pdf');
    await writeFile(file, 'x');
    await symlink(file, join(dir, 'link.pdf'));
    await rememberSource(dir, file);
    expect(await isRememberedSource(dir, file)).toBe(true);
    expect(await isRememberedSource(dir, join(dir, 'link.pdf'))).toBe(true);
    expect(await isRememberedSource(dir, join(dir, 'b.pdf'))).toBe(false);
  });

  it('remembers whose key a run needs', async () => {
    await rememberRun(dir, '../odd id', 'reducto');
    expect(await providerOfRun(dir, '../odd id')).toBe('reducto');
    expect(await providerOfRun(dir, 'another')).toBeNull();
  });
});
