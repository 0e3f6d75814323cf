import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOf, statusOf } from './doctor-checks.js';
import { removeState, runCli } from './run-cli.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-doctor-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('docjobs doctor where no Temporal is named', { timeout: 120_000 }, () => {
  it('the embedded server: not running, running, and one that does not answer', async () => {
    const state = join(dir, 'embedded');
    const look = () => runCli(['doctor', '--json', '--state', state]);
    const before = await look();
    expect(before.code, before.stdout).toBe(0);
    expect(checkOf(before, 'Temporal')?.says).toBe(`embedded, not running now: the next command starts it on ${state}`);
    expect(checkOf(before, 'embedded server')).toMatchObject({ status: 'ok' });
    expect(checkOf(before, 'key reducto')).toMatchObject({
      status: 'skipped',
      mend: 'set REDUCTO_API_KEY to your key, or add --sandbox to try it on the local stand-in',
    });
    // Looking has started nothing and made nothing.
    expect(await readdir(dir)).not.toContain('embedded');

    expect((await runCli(['list', '--state', state])).code).toBe(0);
    const during = await look();
    expect(during.code, during.stdout).toBe(0);
    expect(checkOf(during, 'Temporal')?.says).toMatch(/^embedded, 127\.0\.0\.1:\d+, version .*, state in /);
    expect(checkOf(during, 'worker')).toMatchObject({
      status: 'ok',
      says: expect.stringContaining('bring their own') as string,
    });
    expect(statusOf(during).documents).toBe('ok');
    await removeState(state);

    await mkdir(state);
    const left = { pid: process.pid, supervisorPid: process.pid, address: '127.0.0.1:9', namespace: 'default' };
    await writeFile(join(state, 'server.json'), JSON.stringify({ ...left, namespaceId: 'x' }));
    const after = await look();
    expect(checkOf(after, 'Temporal')).toMatchObject({
      status: 'problem',
      mend: expect.stringContaining('kill ') as string,
    });
    expect(after.code).toBe(4);
  });

  it('a server binary that is not there is not fetched, and one that is none is told', async () => {
    const bare = { PATH: '/nonexistent', XDG_CACHE_HOME: join(dir, 'cache'), TEMPORAL_CLI_PATH: '' };
    const look = (change: object = {}) =>
      runCli(['doctor', '--json', '--state', join(dir, 'none')], { ...bare, ...change });
    const missing = await look();
    expect(checkOf(missing, 'embedded server')).toMatchObject({
      status: 'warning',
      says: 'not on this machine: the next command fetches it, about 45 MB',
    });
    expect(missing.code).toBe(0);
    expect(await readdir(join(dir, 'cache', 'temporal-document-jobs'))).toEqual([]);
    const wrong = await look({ TEMPORAL_CLI_PATH: '/nonexistent/temporal' });
    expect(checkOf(wrong, 'embedded server')?.says).toContain('TEMPORAL_CLI_PATH is /nonexistent/temporal');
    expect(wrong.code).toBe(1);
  });
});
