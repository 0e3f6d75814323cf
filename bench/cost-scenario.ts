import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import { historyCost, type HistoryCost } from '../src/client/index.js';
import { createDocumentActivities, memoryStore, reducto } from '../src/index.js';
import { createSandbox } from '../src/sandbox/index.js';
import { serveDocuments } from '../test/support/document-server.js';
import { startGrpcProxy } from '../test/support/grpc-proxy.js';

export interface CostCase {
  workflow: 'parseOnly' | 'naiveParse';
  /** How long the vendor takes, ms. */
  jobMs: number;
  /** What the caller expects, ms; undefined = no estimate. */
  expectedMs?: number;
  /** Let time pass really instead of skipping it. */
  realTime?: boolean;
}

export interface CostFigures extends HistoryCost {
  /** `RecordActivityTaskHeartbeat` calls that reached the server. Billed, but in no history. */
  heartbeats: number;
  /** Status reads that reached the vendor. */
  reads: number;
}

/**
 * Runs one parse job on the given server, through a gRPC proxy that counts heartbeats. Unless `realTime`, an activity's own sleeps advance
 * the server's simulated clock, and the worker passes every beat on, so that the figures are those of real time.
 */
export async function measureCost(
  env: TestWorkflowEnvironment,
  bundlePath: string,
  wanted: CostCase,
): Promise<CostFigures> {
  const now = async (): Promise<number> => (wanted.realTime ? Date.now() : env.currentTimeMs());
  const [sandbox, documents, proxy] = await Promise.all([
    createSandbox({ now }),
    serveDocuments(),
    startGrpcProxy(env.address),
  ]);
  const connection = await NativeConnection.connect({ address: proxy.address });
  try {
    sandbox.durations.set('parse', wanted.jobMs);
    const account = reducto(sandbox.reducto);
    const activities = createDocumentActivities({
      accounts: { reducto: { ...account, expectedMs: () => null } },
      results: memoryStore(),
      ...(wanted.realTime ? {} : { now, sleep: (ms: number) => env.sleep(ms) }),
    });
    const taskQueue = `cost-${randomUUID()}`;
    const worker = await Worker.create({
      connection,
      namespace: env.namespace ?? 'default',
      taskQueue,
      workflowBundle: { codePath: bundlePath },
      activities,
      ...(wanted.realTime ? {} : { maxHeartbeatThrottleInterval: '1 ms' }),
    });
    const polling = wanted.expectedMs === undefined ? {} : { expected: wanted.expectedMs };
    const handle = await worker.runUntil(async () => {
      const started = await env.client.workflow.start(wanted.workflow, {
        taskQueue,
        workflowId: `cost-${randomUUID()}`,
        args: [documents.url('invoice-packet.pdf'), { polling }],
      });
      await started.result();
      return started;
    });
    return {
      ...historyCost(await handle.fetchHistory()),
      heartbeats: proxy.counts.get('RecordActivityTaskHeartbeat') ?? 0,
      reads: sandbox.ledger.counts().reads,
    };
  } finally {
    await connection.close();
    await Promise.all([sandbox.close(), documents.close(), proxy[Symbol.asyncDispose]()]);
  }
}
