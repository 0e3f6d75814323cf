import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { createDocumentActivities, fileStore, type Provider } from 'temporal-document-jobs';
import { encrypted } from './data-converter.js';
import type { KeyRingSource } from './key-ring.js';

export interface EncryptedWorkerOptions {
  connection: NativeConnection;
  taskQueue: string;
  ring: KeyRingSource;
  reducto: Provider;
  /** Folder of the whole results, which the codec does not see: encrypt the disk or the bucket. */
  results: string;
}

export function createEncryptedWorker(options: EncryptedWorkerOptions): Promise<Worker> {
  const { connection, taskQueue, ring, reducto, results } = options;
  return Worker.create({
    connection,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
    activities: createDocumentActivities({ accounts: { reducto }, results: fileStore(results) }),
    dataConverter: encrypted(ring),
  });
}
