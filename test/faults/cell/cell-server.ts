import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevServer, type DevServer } from '../../../src/local/dev-server.js';

/** The Temporal server of a cell. */
export interface CellServer extends AsyncDisposable {
  address: string;
  /** Kills it with -9 and starts it again on its database, where it listens as before. */
  killAndRestart(): Promise<void>;
}

/** One that other cells use too. */
export const sharedServer = ({ address }: DevServer): CellServer => ({
  address,
  killAndRestart: () => Promise.reject(new Error('a server that others use is not killed')),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

/** One of its own, on a database file. */
export async function ownServer(): Promise<CellServer> {
  const folder = await mkdtemp(join(tmpdir(), 'faults-server-'));
  const options = { dbFilename: join(folder, 'temporal.db'), headless: true };
  let server = await startDevServer(options);
  const { address } = server;
  return {
    address,
    async killAndRestart() {
      server.kill();
      await server.ended;
      server = await startDevServer({ ...options, port: Number(address.split(':')[1]) });
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
