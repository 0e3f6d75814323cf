import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DevServer, startDevServer } from '../../src/local/dev-server.js';
import { cpuMsOf } from '../fleet/processes.js';
import { steadyPort } from '../storms/steady-port.js';

/** Temporal's dev server, in memory or on a database file. */
export interface StageServer extends AsyncDisposable {
  address: string;
  /** Of all its processes so far, ms. */
  cpuMs(): number;
  /** With -9, and on the same database again. */
  restart(): Promise<void>;
  /** What its database holds; null without a file. */
  database(): Promise<Database | null>;
}

export interface Database {
  megabytes: number;
  /** Rows by table. */
  rows: Record<string, number>;
}

const STARTS = 10;

export async function startStageServer(withFile: boolean): Promise<StageServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-server-'));
  const dbFilename = join(folder, 'temporal.db');
  const options = { headless: true, port: await steadyPort(), ...(withFile ? { dbFilename } : {}) };
  let server = await startDevServer(options);
  let spentMs = 0;
  return {
    address: server.address,
    cpuMs: () => spentMs + cpuMsOf(server.pid),
    async restart() {
      spentMs += cpuMsOf(server.pid);
      server.kill();
      await server.ended;
      server = await startPatiently(options);
    },
    database: async () =>
      withFile ? { megabytes: await megabytesOf(dbFilename), rows: await rowsOf(dbFilename) } : null,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** On a busy machine, with all that has piled up, it may take longer to answer than it is given. */
async function startPatiently(options: Parameters<typeof startDevServer>[0]): Promise<DevServer> {
  for (let tries = 1; ; tries++) {
    try {
      return await startDevServer(options);
    } catch (error) {
      if (tries === STARTS) throw error;
      console.error(`start ${tries} of the Temporal server: ${String(error).slice(0, 150)}`);
    }
  }
}

/** With what waits to be moved into it. */
async function megabytesOf(path: string): Promise<number> {
  const sizes = await Promise.all(
    [path, `${path}-wal`].map((file) =>
      stat(file).then(
        (facts) => facts.size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6;
}

/** By the `sqlite3` command, or Python's module of that name: Node 20 has none. */
async function rowsOf(path: string): Promise<Record<string, number>> {
  const tables = (await query(path, "select name from sqlite_master where type = 'table'")).split('\n').filter(Boolean);
  const counts = tables.map((table) => `select '${table}' || ' ' || count(*) from "${table}"`);
  const lines = (await query(path, counts.join(' union all '))).split('\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => line.split(' ')).map(([table = '', count]) => [table, Number(count)]));
}

const PYTHON = `
import sqlite3, sys
for row in sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True, timeout=30).execute(sys.argv[2]): print(row[0])
`;

async function query(path: string, sql: string): Promise<string> {
  const run = promisify(execFile);
  try {
    return (await run('sqlite3', ['-readonly', '-cmd', '.timeout 30000', path, sql])).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return (await run('python3', ['-c', PYTHON, path, sql])).stdout;
  }
}
