import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createDocumentActivities, memoryStore, reducto } from 'temporal-document-jobs';
import { createSandbox } from 'temporal-document-jobs/testing';
import type { ProcessDocumentResult } from 'temporal-document-jobs/workflows';

// What runs is what was asked for, or the whole run says nothing.
const require = createRequire(import.meta.url);
const { version: temporal } = require('@temporalio/worker/package.json') as { version: string };
const wanted = { node: process.env.WANTED_NODE ?? '', temporal: process.env.WANTED_TEMPORAL ?? '' };
if (!`${process.versions.node}.`.startsWith(`${wanted.node}.`)) throw new Error(`Node is ${process.versions.node}`);
if (/^\d/.test(wanted.temporal) && temporal !== wanted.temporal) throw new Error(`@temporalio is ${temporal}`);

const pdf = readFileSync(process.env.DOCUMENT ?? '');
const documents = createServer((_request, response) => response.end(pdf)).listen(0, '127.0.0.1');
await new Promise((listening) => documents.once('listening', listening));
const source = `http://127.0.0.1:${(documents.address() as AddressInfo).port}/document.pdf`;

const path = process.env.TEMPORAL_CLI_PATH ?? '';
const env = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path } } });
const sandbox = await createSandbox({ speed: 20 });
const worker = await Worker.create({
  connection: env.nativeConnection,
  taskQueue: 'matrix',
  workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
  activities: createDocumentActivities({ accounts: { reducto: reducto(sandbox.reducto) }, results: memoryStore() }),
});
await worker.runUntil(async () => {
  const { workflow } = env.client;
  const input = { source, schema: { type: 'object', properties: { invoice_number: { type: 'string' } } } };
  const [result, pages] = (await Promise.all([
    workflow.execute('processDocument', { taskQueue: 'matrix', workflowId: 'ready-made', args: [input] }),
    workflow.execute('countPages', { taskQueue: 'matrix', workflowId: 'own', args: [source] }),
  ])) as [ProcessDocumentResult, number];
  if (result.status !== 'complete' || pages !== result.parsed.pageCount)
    throw new Error(JSON.stringify({ result, pages }));
  console.log(
    `Node ${process.versions.node}, @temporalio ${temporal}: ${pages} pages, ${result.receipt.jobs.length} jobs`,
  );
});
await sandbox.close();
documents.close();
await env.teardown();
