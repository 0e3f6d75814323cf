import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { steadyPort } from '../../../bench/storms/steady-port.js';
import { startDevServer, type DevServer } from '../../../src/local/dev-server.js';

/** The Temporal server of a cell. */
export interface CellServer extends AsyncDisposable {
  address: string;
  /** With -9. */
  kill(): Promise<void>;
  /** On the same database, where it listened before. */
  startAgain(): Promise<void>;
}

const refuse = (): Promise<never> => Promise.reject(new Error('a server that others use is not killed'));

/** One that other cells use too. */
export const sharedServer = ({ address }: DevServer): CellServer => ({
  address,
  kill: refuse,
  startAgain: refuse,
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

/** One of its own, on a database file. */
export async function ownServer(): Promise<CellServer> {
  const folder = await mkdtemp(join(tmpdir(), 'faults-server-'));
  const options = { dbFilename: join(folder, 'temporal.db'), headless: true, port: await steadyPort() };
  let server = await startDevServer(options);
  return {
    address: server.address,
    async kill() {
      server.kill();
      await server.ended;
    },
    async startAgain() {
      server = await startDevServer(options);
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
