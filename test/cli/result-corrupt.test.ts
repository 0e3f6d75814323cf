import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import { removeState, runCli } from './run-cli.js';

let dir: string;
let state: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-corrupt-'));
  state = join(dir, 'state');
});
afterAll(async () => {
  await removeState(state);
  await rm(dir, { recursive: true, force: true });
});

it(
  'docjobs result --out tells a stored result that is not what was stored, and writes no file',
  { timeout: 120_000 },
  async () => {
    const flags = ['--state', state, '--json'];
    const done = await runCli(['process', 'examples/invoice-packet.pdf', '--sandbox', '--speed', '20', ...flags]);
    expect(done.code, done.stdout + done.stderr).toBe(0);
    const { workflowId, result } = done.events.at(-1) as unknown as {
      workflowId: string;
      result: ProcessDocumentResult;
    };
    const object = join(state, 'results', result.parsed.stored.key);
    const whole = await readFile(object);
    const out = join(dir, 'out');
    const read = () => runCli(['result', workflowId, '--out', out, ...flags]);

    await truncate(object, whole.length - 1);
    const cut = await read();
    expect(cut.code, cut.stdout + cut.stderr).toBe(1);
    expect(cut.stdout + cut.stderr).toMatch(/parse job .* is cut short.*Delete the object.*attach to the job/);
    await writeFile(
      object,
      whole.map((byte, at) => (at === 100 ? byte ^ 1 : byte)),
    );
    const changed = await read();
    expect(changed.code).toBe(1);
    expect(changed.stdout + changed.stderr).toMatch(/was changed/);
    expect(await readdir(out)).toEqual([]);

    await writeFile(object, whole);
    expect((await read()).code).toBe(0);
    expect(await readFile(join(out, (await readdir(out)).find((name) => name.endsWith('.parse.json')) ?? ''))).toEqual(
      whole,
    );
  },
);
