import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.js';
import { runCli, startCli } from './run-cli.js';
import { waitUntil } from '../support/wait-until.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-sandbox-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('docjobs sandbox', () => {
  it('prints lines to paste, lets its key in and no other, and ends when asked', async () => {
    const cli = startCli(['sandbox', '--port', '0', '--key', 'open-sesame']);
    let printed = '';
    cli.child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await waitUntil(() => printed.includes('REDUCTO_BASE_URL='), 'the sandbox is up', 10_000);
    expect(printed).toContain('export REDUCTO_API_KEY=open-sesame\n');
    const url = /^export REDUCTO_BASE_URL=(http:\/\/127\.0\.0\.1:\d+\/reducto)$/m.exec(printed)?.[1] ?? '';
    const ask = async (key: string): Promise<number> =>
      (await fetch(`${url}/jobs?limit=1`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect(await ask('open-sesame')).toBe(200);
    expect(await ask('sandbox-key')).toBe(401);
    cli.child.kill('SIGTERM');
    expect((await cli.done).code).toBe(0);
  });

  it('ends by itself after idle time when told so', async () => {
    const { code } = await runCli(['sandbox', '--port', '0', '--idle', '500ms']);
    expect(code).toBe(0);
  });

  it('says in one line what is wrong with its port or its faults', async () => {
    await using taken = await createSandbox();
    const port = new URL(taken.url).port;
    const onTaken = await runCli(['sandbox', '--port', port]);
    expect(onTaken).toMatchObject({ code: 2, stderr: expect.stringContaining('choose another with --port') as string });

    const faults = join(dir, 'faults.json');
    await writeFile(faults, '[{"on":"nothing"}]');
    const wrong = await runCli(['sandbox', '--port', '0', '--faults', faults]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/^docjobs: --faults \S+faults\.json: [^\n]+\n$/);
  });
});
