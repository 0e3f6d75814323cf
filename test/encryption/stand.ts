import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { failureConverterPath } from '../../examples/encryption/data-converter.js';
import { createDocumentActivities, fileStore, type Provider } from '../../src/index.js';
import { type DevServer, startDevServer } from '../../src/local/index.js';

export const TASK_QUEUE = 'encryption-test';

/** A dev server with a database in a folder of its own, its only worker, and a client. */
export interface Stand {
  client: Client;
  /** Its database, and what the server leaves beside it. */
  databaseFolder: string;
  /** Lets the server write everything down. The folders stay until `close`. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** With the example's failure converter in it, which the bundle must know. */
export async function bundleForEncryption(): Promise<{ codePath: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'encryption-bundle-'));
  const workflowsPath = fileURLToPath(new URL('./workflows.ts', import.meta.url));
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    failureConverterPath,
    logger: new DefaultLogger('ERROR'),
  });
  const codePath = join(folder, 'bundle.js');
  await writeFile(codePath, code);
  return { codePath, remove: () => rm(folder, { recursive: true, force: true }) };
}

export async function openStand(
  codePath: string,
  dataConverter: DataConverter,
  accounts: Record<string, Provider>,
): Promise<Stand> {
  const folder = await mkdtemp(join(tmpdir(), 'encryption-test-'));
  const databaseFolder = join(folder, 'database');
  await mkdir(databaseFolder);
  const server: DevServer = await startDevServer({
    dbFilename: join(databaseFolder, 'temporal.db'),
    headless: true,
    binary: inject('cliPath'),
  });
  const { address } = server;
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const worker = await Worker.create({
    connection: native,
    taskQueue: TASK_QUEUE,
    workflowBundle: { codePath },
    activities: createDocumentActivities({ accounts, results: fileStore(join(folder, 'results')) }),
    dataConverter,
  });
  const running = worker.run();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      worker.shutdown();
      await running;
      await Promise.all([connection.close(), native.close()]);
      await server.stop();
    })());
  return {
    client: new Client({ connection, dataConverter }),
    databaseFolder,
    stop,
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
