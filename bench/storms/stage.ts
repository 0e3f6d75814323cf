import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createDocumentActivities, memoryStore, pulse, reducto, type ResultStore } from '../../src/index.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { createDocumentWorker } from '../../src/worker.js';
import { serveDocuments, type DocumentServer } from '../../test/support/document-server.js';
import { logVendor, type VendorLog } from '../vendor-log.js';
import { type Door, startDoor } from './door.js';
import { type MortalServer, startMortalServer } from './mortal-server.js';

/** Both vendors, Temporal, a worker and a client, for one scenario alone. */
export interface Stage extends AsyncDisposable {
  sandbox: Sandbox;
  log: VendorLog;
  /** Before Pulse. Reducto can be told to answer with errors. */
  pulseDoor: Door;
  temporal: MortalServer;
  store: ResultStore;
  client: Client;
  documents: DocumentServer;
  taskQueue: string;
}

/** @param codePath of the bundle with the package's workflows. */
export async function openStage(codePath: string, options: SandboxOptions): Promise<Stage> {
  const closers: (() => Promise<unknown>)[] = [];
  const opened = <T extends AsyncDisposable>(one: T): T => {
    closers.unshift(() => one[Symbol.asyncDispose]() as Promise<unknown>);
    return one;
  };
  const documents = await serveDocuments();
  closers.unshift(() => documents.close());
  const temporal = opened(await startMortalServer());
  const sandbox = opened(await createSandbox(options));
  const log = opened(await logVendor(sandbox.url));
  const pulseDoor = opened(await startDoor(log.url));
  const store = memoryStore();
  const taskQueue = 'storms';
  const native = await NativeConnection.connect({ address: temporal.address });
  closers.unshift(() => native.close());
  const worker = await createDocumentWorker({
    connection: native,
    taskQueue,
    shutdownGraceTime: '1 s',
    activities: createDocumentActivities({
      accounts: {
        reducto: reducto({ ...sandbox.reducto, baseUrl: `${log.url}/reducto` }),
        pulse: pulse({ ...sandbox.pulse, baseUrl: `${pulseDoor.url}/pulse` }),
      },
      results: store,
    }),
    worker: { workflowBundle: { codePath } },
  });
  const running = worker.run();
  // An outage that the worker does not survive is a finding, not a crash of the bench.
  const ended = running.catch((error: unknown) => console.error(`the worker gave up: ${String(error)}`));
  closers.unshift(async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await ended;
  });
  // Never closed: calls for documents that hang are under way when the scenario is over, and would throw where nobody catches.
  const connection = await Connection.connect({ address: temporal.address });
  return {
    sandbox,
    log,
    pulseDoor,
    temporal,
    store,
    documents,
    taskQueue,
    client: new Client({ connection }),
    async [Symbol.asyncDispose]() {
      for (const close of closers) await close();
    },
  };
}
