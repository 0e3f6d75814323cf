import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Provider } from '../../src/index.js';
import type * as testing from '../../src/testing/index.js';
import { createTimeSkipping } from '../support/temporal.js';
import { startToyServer, TOY_KEY } from './toy-server.js';

type MakeToy = (options: { apiKey: string; baseUrl: string }) => Provider;

const run = promisify(execFile);
const root = resolve('.');
const patch = resolve('test/conformance/toy-vendor.patch');
let copy: string;
let env: TestWorkflowEnvironment;

/** A copy of the sources with a third vendor in it, made by nothing but the patch. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'toy-vendor-'));
  await Promise.all(
    ['src', 'tsconfig.json', 'package.json'].map((name) => cp(join(root, name), join(copy, name), { recursive: true })),
  );
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  await run('git', ['apply', '--unidiff-zero', patch], { cwd: copy });
  env = await createTimeSkipping();
});
afterAll(async () => {
  await env.teardown();
  await rm(copy, { recursive: true, force: true });
});

/** What a user of the third vendor writes; the compiler knows its options. */
const USE = `
import { createDocumentActivities, memoryStore, readParsed, toy, type ProcessDocumentResult } from './src/index.js';
import { documentJobs } from './src/workflows/index.js';

export const activities = createDocumentActivities({ accounts: { toy: toy({ apiKey: 'key' }) }, results: memoryStore() });
export async function read(url: string): Promise<number | null> {
  const docs = documentJobs({ provider: 'toy' });
  const parsed = await docs.parse(url, { options: { quality: 'good' } });
  // @ts-expect-error the vendor has no such quality
  await docs.parse(url, { options: { quality: 'best' } });
  // @ts-expect-error the vendor has no such operation
  await docs.run('classify', { input: parsed });
  return parsed.pageCount;
}
export async function* wordsOf({ parsed }: ProcessDocumentResult): AsyncGenerator<string> {
  const content = readParsed(memoryStore(), parsed);
  if (content.provider === 'toy') yield* content.words();
  // @ts-expect-error it has no blocks
  yield* readParsed(memoryStore(), parsed, { format: toy.format }).blocks();
}
`;

describe('a third vendor', () => {
  it('is one new folder and one line', async () => {
    const { stdout } = await run('git', ['apply', '--numstat', '--unidiff-zero', patch], { cwd: copy });
    const changes = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    const elsewhere = changes.filter(([, , path]) => path?.startsWith('src/providers/toy/') !== true);
    expect(elsewhere).toEqual([['1', '0', 'src/providers/registry.ts']]);
    expect(changes.length).toBeGreaterThan(1);
  });

  it('compiles, and its options are typed', { timeout: 120_000 }, async () => {
    await writeFile(join(copy, 'use-toy.ts'), USE);
    const config = { extends: './tsconfig.json', include: ['src', 'use-toy.ts'] };
    await writeFile(join(copy, 'tsconfig.toy.json'), JSON.stringify(config));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', 'tsconfig.toy.json'], { cwd: copy }).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  });

  it('conforms', { timeout: 120_000 }, async () => {
    // The copy's own kit: a provider and the activities must share one VendorError.
    const kit = (await import(join(copy, 'src/testing/index.ts'))) as typeof testing;
    const { toy } = (await import(join(copy, 'src/providers/toy/index.ts'))) as { toy: MakeToy };
    const server = await startToyServer(() => env.currentTimeMs());
    const make = (apiKey: string): Provider => toy({ apiKey, baseUrl: server.baseUrl });
    const [provider, wrongKey] = [make(TOY_KEY), make('wrong')];
    const vendor = { ...server, wrongKey, file: resolve('examples/invoice-packet.pdf') };
    try {
      const report = await kit.checkConformance({ env, provider, vendor });
      console.log(report.table());
      expect(report.ok, report.table()).toBe(true);
    } finally {
      await Promise.all([provider.close(), wrongKey.close()]);
      server.close();
    }
  });
});
