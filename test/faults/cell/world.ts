import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { fileStore, type ResultStore } from '../../../src/index.js';
import type { DevServer } from '../../../src/local/dev-server.js';
import { createSandbox, type Sandbox, VENDOR_NAMES } from '../../../src/sandbox/index.js';
import type { DocumentServer } from '../../support/document-server.js';
import type { Gate } from '../../support/gate.js';
import { startGrpcProxy } from '../../support/grpc-proxy.js';
import { startHttpProxy } from '../../support/http-proxy.js';
import type { Cell } from '../plan/cells.js';
import { type CellServer, ownServer, sharedServer } from './cell-server.js';
import { callKind, storeKind, vendorKind } from './kinds.js';
import { Receiver } from './receiver.js';
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
  receiver: Receiver;
  client: Client;
  /** Its messages pass the gate too. */
  guardedClient: Client;
}

/** The vendor's list shows a job after so long, and is believed after a little longer, ms. */
const LIST_DELAY_MS = 300;
const LIST_SETTLE_MS = 500;
/** Where vendors call, a job ends by itself: nobody asks for it before. */
const CALLING_JOB_MS = 1_500;
/** A call that got lost is looked after in 5 minutes, the least. */
const RETENTION_MS = 3_600_000;
/** The sender tries again for as long as a cell may take. */
const CALL_SCHEDULE = [0, ...Array.from({ length: 400 }, () => 1_500)];
const SECRET = `whsec_${Buffer.from('a secret of the faults, 32 bytes').toString('base64')}`;

export async function openWorld(
  { name, strikes, singleRead, webhooks }: Cell,
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
  const isMortal = strikes.some((strike) => strike.startsWith('kill server'));
  const temporal = opened(isMortal ? await ownServer() : sharedServer(server));
  const store = fileStore(folder);
  const sandbox = opened(
    await createSandbox({
      // A job that nobody asks for runs for ever.
      duration: { baseMs: webhooks ? CALLING_JOB_MS : 24 * 3_600_000, perPageMs: 0, jitter: 0 },
      webhooks: { schedule: CALL_SCHEDULE },
      reducto: { listSettleMs: LIST_DELAY_MS },
      pulse: singleRead ? { largeBytes: 10 } : {},
    }),
  );
  const vendors = opened(await startHttpProxy(sandbox.url, vendorKind, gate));
  const results = opened(await startHttpProxy(opened(await serveStore(store)).url, storeKind, gate));
  const grpc = opened(await startGrpcProxy(temporal.address, gate));
  const taskQueue = `faults-${name}`;
  const { apiKey } = sandbox.reducto;
  const receiver = opened(await Receiver.create({ address: grpc.address, taskQueue, secrets: SECRET }));
  if (webhooks) {
    await receiver.start();
    const calls = opened(await startHttpProxy(receiver.url, callKind, gate));
    for (const provider of VENDOR_NAMES) {
      sandbox.webhooks.register({ provider, url: `${calls.url}/webhooks/${provider}`, secrets: [SECRET] });
    }
  }
  const calling = webhooks ? ({ webhook: { mode: 'svix' }, retentionMs: RETENTION_MS } as const) : {};
  const workers = opened(
    new Workers({
      address: grpc.address,
      taskQueue,
      codePath,
      vendors: {
        reducto: { apiKey, baseUrl: `${vendors.url}/reducto`, listSettleMs: LIST_SETTLE_MS, ...calling },
        pulse: { apiKey, baseUrl: `${vendors.url}/pulse`, ...calling },
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
    receiver,
    client: await clientOf(temporal.address),
    guardedClient: await clientOf(grpc.address),
    async [Symbol.asyncDispose]() {
      for (const close of closers) await close();
    },
  };
}
