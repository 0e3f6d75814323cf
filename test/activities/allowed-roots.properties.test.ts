import { existsSync, mkdtempSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, it } from 'vitest';
import { allowedRoots } from '../../src/activities/allowed-roots.js';
import { SourceRefusedError } from '../../src/activities/source-resolver.js';
import { expect, RUNS, SLOW_CASES } from '../support/properties.js';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'allowed-roots-')));
for (const folder of ['in', 'in/sub', 'in-other', 'out']) mkdirSync(join(base, folder));
for (const file of ['in/a', 'in/sub/a', 'in-other/a', 'out/a', 'a']) writeFileSync(join(base, file), 'text');
symlinkSync(join(base, 'out'), join(base, 'in/to-out'));
symlinkSync(join(base, 'in/sub'), join(base, 'out/to-in'));
symlinkSync(join(base, 'out/a'), join(base, 'in/link'));
symlinkSync(join(base, 'in'), join(base, 'root-link'));
afterAll(() => rmSync(base, { recursive: true }));

const step = fc.constantFrom(
  'in',
  'sub',
  'in-other',
  'out',
  'a',
  '..',
  '.',
  'to-out',
  'to-in',
  'link',
  'none',
  '%2e%2e',
);
const path = fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => `${base}/${steps.join('/')}`);
const source = fc
  .tuple(path, fc.constantFrom('path', 'url', 'raw url'))
  .map(([at, form]) => (form === 'path' ? at : form === 'url' ? pathToFileURL(at).href : `file://${at}`));
const roots = fc.subarray(['in', 'in/sub', 'root-link', 'out/a'], { minLength: 1 });
const context = { provider: 'p', account: 'a', signal: new AbortController().signal };

/** Where a path really leads, as far as it exists. */
function reality(given: string): string {
  const at = resolve(given.startsWith('file:') ? fileURLToPath(given) : given);
  return existsSync(at) ? realpathSync(at) : join(reality(dirname(at)), basename(at));
}

/** The answer for a source, and where that really lies. */
async function ask(given: string, allowed: string[]) {
  const folders = allowed.map((root) => join(base, root));
  const real = folders.map((root) => realpathSync(root));
  const isUnder = (at: string): boolean => real.some((root) => at === root || at.startsWith(`${root}/`));
  const at = reality(given);
  const answer = await allowedRoots(folders)(given, context).catch((error: unknown) => {
    if (error instanceof SourceRefusedError) return error.message.slice(`${given}: `.length);
    throw error;
  });
  return { answer, at, isUnderRoot: isUnder(at) };
}

const NOT_ALLOWED = 'not under a folder from which this worker may upload';

describe('allowedRoots', () => {
  it('lets go what really lies under a root, and does not tell whether any other file is there', async () => {
    await fc.assert(
      fc.asyncProperty(source, roots, async (given, allowed) => {
        const { answer, at, isUnderRoot } = await ask(given, allowed);
        if (typeof answer !== 'string') expect([isUnderRoot, answer.path]).toEqual([true, at]);
        else expect(answer === NOT_ALLOWED).toBe(!isUnderRoot);
      }),
      { ...RUNS, numRuns: SLOW_CASES },
    );
  });
});
