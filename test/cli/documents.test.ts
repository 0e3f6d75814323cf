import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import { makeEncryptedPdf, makeTextPdf } from '../support/pdf.js';
import { type CliResult, removeState, runCli } from './run-cli.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-documents-'));
});
afterAll(async () => {
  await removeState(join(dir, 'state'));
  await rm(dir, { recursive: true, force: true });
});

async function process(name: string, bytes: Uint8Array, ...args: string[]): Promise<CliResult> {
  await writeFile(join(dir, name), bytes);
  const state = ['--state', join(dir, 'state'), '--json', '--sandbox', '--speed', '4'];
  return runCli(['process', join(dir, name), ...state, ...args]);
}

describe('documents of all kinds', { timeout: 90_000 }, () => {
  it.each([
    ['60 pages', { pages: 60 }, 60],
    ['3 MB of text', { pages: 40, bytesAtLeast: 3_000_000 }, 40],
  ])('%s: whole results in the store and with --out, nothing large in history', async (name, options, pages) => {
    const split = join(dir, 'split.json');
    await writeFile(split, JSON.stringify([{ name: 'Part 1', description: 'the first part' }]));
    const out = join(dir, 'out');
    const { code, events, stderr } = await process(
      `${name}.pdf`,
      await makeTextPdf(options),
      '--split',
      split,
      '--out',
      out,
    );
    expect(code, stderr).toBe(0);
    const result = events.at(-1)?.result as ProcessDocumentResult;
    expect(result.parsed.pageCount).toBe(pages);
    expect(JSON.stringify(events).length).toBeLessThan(20_000);
    const parsed = await readFile(join(out, `${name}.parse.json`));
    expect(parsed.length).toBe(result.parsed.stored.size);
  });

  it('an encrypted PDF: the vendor’s code, exit code 1, no document text, no stack', async () => {
    const { code, events, stderr } = await process('locked.pdf', await makeEncryptedPdf('secret-word'));
    expect(code).toBe(1);
    expect(events.at(-1)).toMatchObject({
      event: 'failed',
      failure: { details: { operation: 'parse', vendorCode: 'DOCUMENT_PASSWORD_PROTECTED' } },
    });
    expect(stderr).not.toMatch(/secret-word|\n {4}at /);
  });
});
