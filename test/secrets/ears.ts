import { inspect } from 'node:util';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { freePorts } from '../../src/local/free-ports.js';
import { STATUS_QUERY } from '../../src/index.js';

/** All that this process lets out beside histories. */
export interface Ears {
  /** Every line of the runtime's logger: the worker's own, Core's, the activities' and workflows'. */
  logs: string[];
  /** What a look at running workflows shows: status query, current details, memo, pending activities with their beats and last failures. */
  looks: string[];
  /** In the form of Prometheus, labels included. */
  metrics(): Promise<string>;
  /** Looks again and again until the workflow has ended. */
  watch(handle: WorkflowHandle): Promise<void>;
}

const EVERY_MS = 250;
const deep = { depth: 30, breakLength: Infinity, maxStringLength: null, maxArrayLength: null };

/** Before anything else of the SDK: one runtime a process. */
export async function openEars(): Promise<Ears> {
  const logs: string[] = [];
  const looks: string[] = [];
  const [port = 0] = await freePorts(1);
  const bindAddress = `127.0.0.1:${port}`;
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('DEBUG', (entry) => logs.push(inspect(entry, deep))),
    telemetryOptions: {
      logging: { filter: { core: 'DEBUG', other: 'WARN' }, forward: {} },
      metrics: { prometheus: { bindAddress } },
    },
  });
  const look = async (handle: WorkflowHandle): Promise<boolean> => {
    const description = await handle.describe();
    looks.push(JSON.stringify([description.raw, description.memo]));
    for (const query of [STATUS_QUERY, '__temporal_workflow_metadata']) {
      looks.push(JSON.stringify(await handle.query(query)));
    }
    return description.status.name === 'RUNNING';
  };
  return {
    logs,
    looks,
    metrics: async () => (await fetch(`http://${bindAddress}/metrics`)).text(),
    async watch(handle) {
      while (await look(handle)) await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    },
  };
}
