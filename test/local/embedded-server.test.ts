import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type * as Local from '../../src/local/index.js';
import { isAlive } from '../../src/local/is-alive.js';
import { waitUntil } from '../support/wait-until.js';

// The supervisor is a process of its own under plain node: only the compiled one can be tested.
const module = new URL('../../dist/local/index.js', import.meta.url).href;
const { defaultStateDir, inspectEmbeddedServer, useEmbeddedServer } = (await import(module)) as typeof Local;

/** The server may still write into it. */
const REMOVE = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };

let stateDir: string;
let users: ChildProcess[];
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'embedded-'));
  users = [];
});
afterEach(async () => {
  for (const user of users) user.kill('SIGKILL');
  const state = await leftState();
  if (state !== null) await kill(state);
  await rm(stateDir, REMOVE);
});

/** What stands in the folder, whether true or not. */
const leftState = async (): Promise<Local.EmbeddedState | null> =>
  readFile(join(stateDir, 'server.json'), 'utf8').then(
    (text) => JSON.parse(text) as Local.EmbeddedState,
    () => null,
  );

async function kill({ pid, supervisorPid }: Local.EmbeddedState): Promise<void> {
  for (const one of [supervisorPid, pid]) if (isAlive(one)) process.kill(one, 'SIGKILL');
  await waitUntil(() => !isAlive(pid) && !isAlive(supervisorPid), 'the server was killed', 10_000);
}

async function running(): Promise<Local.EmbeddedState> {
  const state = await inspectEmbeddedServer(stateDir);
  if (state === null) throw new Error('no embedded server runs');
  return state;
}

/** A command of its own that uses the server until it is killed. */
async function use(idleMs = 600_000): Promise<{ user: ChildProcess; address: string }> {
  const script = `
    const { useEmbeddedServer } = await import('${module}');
    const [stateDir, idleMs] = process.argv.slice(1);
    console.log((await useEmbeddedServer({ stateDir, idleMs: Number(idleMs) })).address);
    setInterval(() => {}, 1000);`;
  const user = spawn(process.execPath, ['--input-type=module', '-e', script, stateDir, String(idleMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  users.push(user);
  const [address] = (await once(createInterface(user.stdout), 'line')) as [string];
  return { user, address };
}

async function withClient<T>(address: string, body: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await body(new Client({ connection }));
  } finally {
    await connection.close();
  }
}
const startWorkflow = (address: string): Promise<unknown> =>
  withClient(address, (client) => client.workflow.start('any', { taskQueue: 'none', workflowId: 'kept' }));
const workflowStatus = (address: string): Promise<string> =>
  withClient(address, async (client) => (await client.workflow.getHandle('kept').describe()).status.name);

describe('the embedded server', { timeout: 60_000 }, () => {
  it('is started once, out of reach of Ctrl-C, and adopted by the next command after a kill -9 of the first', async () => {
    expect(await inspectEmbeddedServer(stateDir)).toBeNull();
    const first = await use();
    const before = await running();
    const groups = await Promise.all([before.pid, before.supervisorPid, first.user.pid ?? 0].map(groupOf));
    expect(groups.slice(0, 2)).toEqual([before.pid, before.supervisorPid]);
    expect(groups[2]).toBe(await groupOf(process.pid));
    first.user.kill('SIGKILL');
    const second = await use();
    expect(second.address).toBe(first.address);
    expect(await running()).toEqual(before);
  });

  it('is one when several commands start at the same moment', async () => {
    const addresses = await Promise.all([use(), use(), use()].map(async (one) => (await one).address));
    expect(new Set(addresses).size).toBe(1);
    expect((await running()).address).toBe(addresses[0]);
  });

  it('is started again on the same port and database when it is killed with -9', async () => {
    const { address } = await use();
    await startWorkflow(address);
    const { pid } = await running();
    process.kill(pid, 'SIGKILL');
    const again = await use();
    expect(again.address).toBe(address);
    expect((await running()).pid).not.toBe(pid);
    expect(await workflowStatus(address)).toBe('RUNNING');
  });

  it('is started again by the next command when the supervisor is killed with -9', async () => {
    const { address } = await use();
    await startWorkflow(address);
    const before = await running();
    process.kill(before.supervisorPid, 'SIGKILL');
    const again = await use();
    expect(again.address).toBe(address);
    expect((await running()).supervisorPid).not.toBe(before.supervisorPid);
    expect(isAlive(before.pid)).toBe(false);
    expect(await workflowStatus(address)).toBe('RUNNING');
  });

  it('ends when nobody has used it for a while, and not while somebody does', async () => {
    const { user, address } = await use(1_500);
    await startWorkflow(address);
    const server = await useEmbeddedServer({ stateDir });
    user.kill('SIGKILL');
    await waitUntil(async () => (await readdir(join(stateDir, 'leases'))).length === 1, 'the dead lease was removed');
    const { pid, supervisorPid } = await running();
    const touched = async (): Promise<number> => (await stat(join(stateDir, 'server.json'))).mtimeMs;
    const since = await touched();
    await waitUntil(
      async () => (await touched()) > since + 2_500,
      'the supervisor looked again for longer than it may idle',
    );
    expect(isAlive(pid)).toBe(true);

    await server.release();
    await waitUntil(() => !isAlive(pid) && !isAlive(supervisorPid), 'it ended', 10_000);
    expect(await leftState()).toBeNull();
    const again = await useEmbeddedServer({ stateDir });
    expect(await workflowStatus(again.address)).toBe('RUNNING');
    await again.release();
  });

  it('ends when it is asked to, or when its state folder is removed', async () => {
    await use();
    const first = await running();
    process.kill(first.supervisorPid, 'SIGTERM');
    await waitUntil(() => !isAlive(first.pid) && !isAlive(first.supervisorPid), 'it ended', 10_000);
    expect(await leftState()).toBeNull();
    await use();
    const { pid, supervisorPid } = await running();
    await rm(stateDir, REMOVE);
    await waitUntil(() => !isAlive(pid) && !isAlive(supervisorPid), 'it ended', 10_000);
  });

  it('is not mistaken for a stranger with its process id and port', async () => {
    const { address } = await use();
    const stranger = { ...(await running()), supervisorPid: process.pid, namespaceId: 'of another database' };
    const other = await mkdtemp(join(tmpdir(), 'embedded-'));
    await writeFile(join(other, 'server.json'), JSON.stringify(stranger));
    expect(await inspectEmbeddedServer(other)).toBeNull();
    const mine = stateDir;
    stateDir = other;
    expect((await use()).address).not.toBe(address);
    await kill(await running());
    await rm(other, REMOVE);
    stateDir = mine;
  });

  it('says in one line why it did not start, and where its log is', async () => {
    await writeFile(join(stateDir, 'temporal.db'), 'no database '.repeat(1_000));
    const log = join(stateDir, 'server.log');
    await expect(useEmbeddedServer({ stateDir })).rejects.toThrow(
      new RegExp(`^The Temporal dev server did not start: .*file is not a database.* \\(see ${log}\\)$`),
    );
    expect(await readdir(join(stateDir, 'leases'))).toEqual([]);
    await expect(useEmbeddedServer({ stateDir: join(log, 'x') })).rejects.toThrow(/^The state folder .* can't be used/);
  });
});

describe('defaultStateDir', () => {
  it('follows XDG_STATE_HOME', () => {
    expect(defaultStateDir({ XDG_STATE_HOME: '/state' })).toBe('/state/temporal-document-jobs');
    expect(defaultStateDir({})).toMatch(/\/\.local\/state\/temporal-document-jobs$/);
  });
});

/** Process group, from ps: the first number of the line. */
async function groupOf(pid: number): Promise<number> {
  const ps = spawn('ps', ['-o', 'pgid=', '-p', String(pid)]);
  const [line] = (await once(createInterface(ps.stdout), 'line')) as [string];
  return Number(line.trim());
}
