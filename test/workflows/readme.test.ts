import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { createDocumentActivities, memoryStore } from '../../src/index.js';
import { createSandbox } from '../../src/sandbox/index.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { createTimeSkipping } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
let folder: string;
beforeAll(async () => {
  [env, documents, folder] = await Promise.all([createTimeSkipping(), serveDocuments(), mkdtemp('test/.readme-')]);
});
afterAll(async () => {
  await Promise.all([documents.close(), env.teardown(), rm(folder, { recursive: true })]);
});

/** The workflow of the README, and what it leaves to the reader. */
async function readmeWorkflow(provider: string): Promise<string> {
  const readme = await readFile('README.md', 'utf8');
  const code = /```ts\n\/\/ workflows\.ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const words = code.split("'reducto'");
  expect(words, 'the vendor is named once').toHaveLength(2);
  const path = join(folder, `${provider}.ts`);
  const entry = resolve('src/workflows/index.ts');
  await writeFile(
    path,
    `${words.join(`'${provider}'`).replaceAll('temporal-document-jobs/workflows', entry.replace(/\.ts$/, '.js'))}
    const invoiceSchema = { type: 'object', properties: { total: { type: 'number' } } };
    const review = (jobId: string): string => jobId;\n`,
  );
  return resolve(path);
}

it.each(VENDORS)(
  'the example of the README runs with $name: one word changes',
  async (vendor) => {
    const now = (): Promise<number> => env.currentTimeMs();
    const sandbox = await createSandbox({ now });
    const taskQueue = `readme-${randomUUID()}`;
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowBundle: await bundleWorkflowCode({
        workflowsPath: await readmeWorkflow(vendor.name),
        logger: new DefaultLogger('ERROR'),
      }),
      activities: createDocumentActivities({
        accounts: { [vendor.name]: vendor.provider(sandbox) },
        results: memoryStore(),
        now,
        sleep: async (ms) => env.sleep(ms),
      }),
    });
    const args = [documents.url('invoice-packet.pdf')];
    const result: unknown = await worker.runUntil(
      env.client.workflow.execute('invoice', { taskQueue, workflowId: taskQueue, args }),
    );
    expect(result).toEqual({ total: 42846.6, pages: expect.arrayContaining([3]) as number[] });
    expect(
      sandbox.ledger
        .accepted()
        .map(({ operation }) => operation)
        .sort(),
    ).toEqual(['extract', 'parse', 'split']);
    await sandbox.close();
  },
  60_000,
);
