import { execFileSync } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { freePorts } from '../../src/local/free-ports.js';
import { serverEnv } from '../../src/local/server-env.js';
import { postgresFromRegistry } from './install.js';
import { startServer } from './server-process.js';

export interface Postgres extends AsyncDisposable {
  pid: number;
  version: string;
  /** Of a database there, which need not exist. */
  urlOf(database: string): string;
}

/** Durable as it is delivered (fsync, synchronous commit); sized for the box, as its manual asks. */
const SETTINGS = ['shared_buffers=512MB', 'max_wal_size=4GB', 'max_connections=100', 'unix_socket_directories='];

/** A PostgreSQL of this bench alone: the registry's, or the one whose programs are in the folder `PEERS_POSTGRES_BIN`. */
export async function startPostgres(): Promise<Postgres> {
  const programs = process.env['PEERS_POSTGRES_BIN'] || postgresFromRegistry();
  const user = unprivilegedUser();
  const options = { env: serverEnv(), ...(user ?? {}) };
  const folder = await mkdtemp(join(tmpdir(), 'bench-postgres-'));
  if (user !== null) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const [port = 0] = await freePorts(1);
  const init = ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C'];
  execFileSync(join(programs, 'initdb'), init, { ...options, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const urlOf = (database: string): string => `postgresql://postgres:postgres@127.0.0.1:${port}/${database}`;
  const pool = new Pool({ connectionString: urlOf('postgres'), max: 1 });
  pool.on('error', () => undefined);
  const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', ...SETTINGS.flatMap((setting) => ['-c', setting])];
  const server = await startServer(join(programs, 'postgres'), args, { ...options, cwd: folder }, async () => {
    await pool.query('SELECT 1');
    return true;
  });
  const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
  await pool.end();
  return {
    pid: server.pid,
    version: `PostgreSQL ${rows[0]?.server_version ?? ''}`,
    urlOf,
    async [Symbol.asyncDispose]() {
      await server.stop('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}
