import type { Client } from '@temporalio/client';
import { historyCost } from '../../src/client/index.js';

/** What workflows left in Temporal. */
export interface Left {
  runs: number;
  events: number;
  /** Without heartbeats and queries, which leave no event. */
  actions: number;
  bytes: number;
}

/** Of all runs of a workflow, from the latest back to the first. */
export async function leftByChain(client: Client, workflowId: string): Promise<Left> {
  const left: Left = { runs: 0, events: 0, actions: 0, bytes: 0 };
  let runId: string | undefined;
  do {
    const handle = client.workflow.getHandle(workflowId, runId);
    const [{ raw }, history] = [await handle.describe(), await handle.fetchHistory()];
    const { events, actions } = historyCost(history);
    left.runs += 1;
    left.events += events;
    left.actions += actions;
    left.bytes += Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0);
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
  } while (runId);
  return left;
}

/** On average, of workflows of one run. */
export async function leftByEach(client: Client, workflowIds: readonly string[]): Promise<Left> {
  const sum: Left = { runs: 0, events: 0, actions: 0, bytes: 0 };
  for (const workflowId of workflowIds) {
    const one = await leftByChain(client, workflowId);
    for (const key of Object.keys(sum) as (keyof Left)[]) sum[key] += one[key] / workflowIds.length;
  }
  return sum;
}
