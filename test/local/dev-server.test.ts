import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { startDevServer, type DevServer } from '../../src/local/dev-server.js';
import { isAlive } from '../../src/local/is-alive.js';
import { probeServer } from '../../src/local/probe-server.js';
import { waitUntil } from '../support/wait-until.js';

const binary = inject('cliPath');
let folder: string;
let started: DevServer[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dev-server-'));
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Parameters<typeof startDevServer>[0] = {}): Promise<DevServer> {
  const server = await startDevServer({ binary, headless: true, ...options });
  started.push(server);
  return server;
}

describe('startDevServer', () => {
  it('answers with the namespace asked for, and is gone after stop', async () => {
    const server = await start({ namespace: 'mine' });
    const connection = await Connection.connect({ address: server.address });
    const client = new Client({ connection, namespace: 'mine' });
    const { workflowId } = await client.workflow.start('any', { taskQueue: 'none', workflowId: 'w' });
    expect((await client.workflow.getHandle(workflowId).describe()).status.name).toBe('RUNNING');
    await connection.close();
    expect(await probeServer(server.address, 'mine')).toBe(server.namespaceId);
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    expect(await probeServer(server.address, 'mine', 500)).toBeNull();
  });

  it('serves the web UI unless headless', async () => {
    const server = await start({ headless: false });
    expect((await fetch(server.uiUrl ?? '')).status).toBe(200);
    expect((await start()).uiUrl).toBeUndefined();
  });

  it('says which port is taken', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const clashes = [start({ port }), start({ headless: false, uiPort: port })];
    const messages = await Promise.all(clashes.map((clash) => clash.catch((error: Error) => error.message)));
    expect(messages).toEqual([
      `The Temporal dev server can't have port ${port}: something listens there, choose another`,
      `The Temporal dev server can't have UI port ${port}: something listens there, choose another`,
    ]);
    listener.close();
  });

  it('gives the last words of a server that does not come up', async () => {
    const dbFilename = join(folder, 'broken.db');
    await writeFile(dbFilename, 'no database '.repeat(1_000));
    await expect(start({ dbFilename })).rejects.toThrow(
      /^The Temporal dev server did not start: .*file is not a database/,
    );
    await expect(start({ binary: join(folder, 'missing') })).rejects.toThrow(/did not start: .*missing/);
  });

  it('comes back on the same port and database at once after a kill', async () => {
    const dbFilename = join(folder, 'temporal.db');
    const first = await start({ dbFilename });
    const port = Number(first.address.split(':')[1]);
    first.kill();
    const second = await start({ dbFilename, port });
    expect(second).toMatchObject({ address: first.address, namespaceId: first.namespaceId });
    await first.ended;
  });

  it('dies with its parent when that is killed with -9', async () => {
    const module = new URL('../../dist/local/dev-server.js', import.meta.url).href;
    const script = `
      const { startDevServer } = await import('${module}');
      console.log((await startDevServer({ binary: process.argv[1], headless: true })).pid);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script, binary], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
    expect(isAlive(Number(line))).toBe(true);
    parent.kill('SIGKILL');
    await waitUntil(() => !isAlive(Number(line)), 'the server died', 5_000);
  });

  it('knows no secret of this process', async () => {
    process.env.REDUCTO_API_KEY = 'canary-key';
    try {
      const { pid } = await start();
      const { stdout } = await promisify(execFile)('ps', ['eww', '-o', 'command=', '-p', String(pid)]);
      expect(stdout).toMatch(/start-dev.* PATH=/);
      expect(stdout).not.toContain('canary-key');
    } finally {
      delete process.env.REDUCTO_API_KEY;
    }
  });
});
