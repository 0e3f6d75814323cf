import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevServer, startDevServer } from '../../src/local/dev-server.js';
import { steadyPort } from './steady-port.js';

/** A Temporal server on a database file. */
export interface MortalServer extends AsyncDisposable {
  address: string;
  /** With -9. */
  kill(): Promise<void>;
  /** On the same database, where it listened before. */
  startAgain(): Promise<void>;
}

const STARTS = 10;

export async function startMortalServer(): Promise<MortalServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-server-'));
  const options = { dbFilename: join(folder, 'temporal.db'), headless: true, port: await steadyPort() };
  let isWanted = true;
  const start = async (): Promise<DevServer> => {
    const started = await startDevServer(options);
    void started.ended.then(() => {
      if (!isWanted) return;
      console.error('the Temporal server ended by itself, or somebody else killed it: nothing can be said of this run');
      process.exit(2);
    });
    isWanted = true;
    return started;
  };
  let server = await start();
  return {
    address: server.address,
    async kill() {
      isWanted = false;
      server.kill();
      await server.ended;
    },
    async startAgain() {
      for (let tries = 1; ; tries++) {
        try {
          server = await start();
          return;
        } catch (error) {
          // On a busy machine, with all that has piled up, it may take longer to answer than it is given.
          if (tries === STARTS) throw error;
          console.error(`start ${tries} of the Temporal server: ${String(error).slice(0, 150)}`);
        }
      }
    },
    async [Symbol.asyncDispose]() {
      isWanted = false;
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
