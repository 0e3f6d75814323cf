import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { fileStore, type ResultStore } from '../../../src/index.js';
import type { DevServer } from '../../../src/local/dev-server.js';
import { createSandbox, type Sandbox } from '../../../src/sandbox/index.js';
import type { DocumentServer } from '../../support/document-server.js';
import type { Gate } from '../../support/gate.js';
import { startGrpcProxy } from '../../support/grpc-proxy.js';
import { startHttpProxy } from '../../support/http-proxy.js';
import type { Cell } from '../plan/cells.js';
import { type CellServer, ownServer, sharedServer } from './cell-server.js';
import { storeKind, vendorKind } from './kinds.js';
import { serveStore } from './store-server.js';
import { Workers } from './workers.js';

/** What cells share. */
export interface Surroundings {
  /** Temporal, unless a cell's schedule kills it. */
  server: DevServer;
  documents: DocumentServer;
  /** The bytes of every document. */
  pdf: Uint8Array;
  /** Of the workflow bundle. */
  codePath: string;
}

/** A vendor, a result store and workers, with proxies between them and Temporal, for one cell alone. */
export interface World extends AsyncDisposable {
  temporal: CellServer;
  taskQueue: string;
  sandbox: Sandbox;
  store: ResultStore;
  workers: Workers;
  client: Client;
  /** Its messages pass the gate too. */
  guardedClient: Client;
}

/** The vendor's list shows a job after so long, and is believed after a little longer, ms. */
const LIST_DELAY_MS = 300;
const LIST_SETTLE_MS = 500;

export async function openWorld(
  { name, strikes, singleRead }: Cell,
  { server, codePath }: Surroundings,
  gate: Gate,
): Promise<World> {
  const closers: (() => Promise<unknown>)[] = [];
  const opened = <T extends AsyncDisposable>(one: T): T => {
    closers.unshift(() => one[Symbol.asyncDispose]() as Promise<unknown>);
    return one;
  };
  const folder = await mkdtemp(join(tmpdir(), 'faults-results-'));
  closers.unshift(() => rm(folder, { recursive: true, force: true }));
  const temporal = opened(strikes.includes('kill server') ? await ownServer() : sharedServer(server));
  const store = fileStore(folder);
  const sandbox = opened(
    await createSandbox({
      // A job that nobody asks for runs for ever.
      duration: { baseMs: 24 * 3_600_000, perPageMs: 0, jitter: 0 },
      reducto: { listSettleMs: LIST_DELAY_MS },
      pulse: singleRead ? { largeBytes: 10 } : {},
    }),
  );
  const vendors = opened(await startHttpProxy(sandbox.url, vendorKind, gate));
  const results = opened(await startHttpProxy(opened(await serveStore(store)).url, storeKind, gate));
  const grpc = opened(await startGrpcProxy(temporal.address, gate));
  const taskQueue = `faults-${name}`;
  const { apiKey } = sandbox.reducto;
  const workers = opened(
    new Workers({
      address: grpc.address,
      taskQueue,
      codePath,
      vendors: {
        reducto: { apiKey, baseUrl: `${vendors.url}/reducto`, listSettleMs: LIST_SETTLE_MS },
        pulse: { apiKey, baseUrl: `${vendors.url}/pulse` },
      },
      store: results.url,
    }),
  );
  const clientOf = async (address: string): Promise<Client> => {
    const connection = await Connection.connect({ address });
    closers.unshift(() => connection.close());
    return new Client({ connection });
  };
  return {
    temporal,
    taskQueue,
    sandbox,
    store,
    workers,
    client: await clientOf(temporal.address),
    guardedClient: await clientOf(grpc.address),
    async [Symbol.asyncDispose]() {
      for (const close of closers) await close();
    },
  };
}
