// npm run histories: writes what processDocument's histories look like now to test/histories/<version>/, once for a release.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { createDocumentActivities, memoryStore } from '../../src/index.js';
import { findTemporalBinary } from '../../src/local/temporal-binary.js';
import { createSandbox } from '../../src/sandbox/index.js';
import { serveDocuments } from '../../test/support/document-server.js';
import { type Vendor, VENDORS } from '../../test/support/vendors.js';
import { type Scenario, SCENARIOS } from './scenarios.js';

const QUEUE = 'histories';

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});
const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
const folder = `test/histories/${version}`;
await mkdir(folder, { recursive: true });

const documents = await serveDocuments();
const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
const bundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
const path = await findTemporalBinary('test-server', { log: console.error });
for (const vendor of VENDORS) {
  for (const scenario of SCENARIOS) {
    const file = `${folder}/${vendor.name}-${scenario.name}.json`;
    await writeFile(file, await record(vendor, scenario));
    console.log(file);
  }
}
await documents.close();

/** A server of its own: its clock is one for all of its workflows. */
async function record(vendor: Vendor, scenario: Scenario): Promise<string> {
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  try {
    return await recordOn(env, bundle, vendor, scenario);
  } finally {
    await env.teardown();
  }
}

async function recordOn(
  env: TestWorkflowEnvironment,
  workflowBundle: WorkflowBundle,
  vendor: Vendor,
  { name, faults, parseMs, input, act }: Scenario,
): Promise<string> {
  const now = (): Promise<number> => env.currentTimeMs();
  const sandbox = await createSandbox({ now, ...(faults && { faults: faults(vendor) }) });
  if (parseMs !== undefined) sandbox.durations.set('parse', parseMs);
  const provider = vendor.provider(sandbox);
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: QUEUE,
    workflowBundle,
    activities: createDocumentActivities({ accounts: { [vendor.name]: provider }, results: memoryStore(), now }),
  });
  try {
    return await worker.runUntil(async () => {
      const source = documents.url('invoice-packet.pdf');
      // Single reads: a window would hold simulated time at real speed.
      const asked = { source, provider: vendor.name, polling: { window: 0, cancelSettle: '5s' }, ...input };
      const options = { taskQueue: QUEUE, workflowId: `${vendor.name}-${name}`, args: [asked] };
      const handle = await env.client.workflow.start('processDocument', options);
      await act?.(env, handle);
      // How it ends is the scenario's matter.
      await handle.result().catch(() => undefined);
      const history = await handle.fetchHistory();
      return `${JSON.stringify(JSON.parse(JSON.stringify(history)), withoutHost, 1)}\n`;
    });
  } finally {
    await provider.close();
    await sandbox.close();
  }
}

/** Who ran it, and where its files lay, is nobody's business and replays nothing. */
function withoutHost(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  return key === 'identity' && typeof value === 'string' ? 'recorder' : value;
}
