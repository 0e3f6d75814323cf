import type { WorkflowHandle } from '@temporalio/client';

/** A workflow's whole history as text, payloads decoded: for scans. */
export async function historyText(handle: WorkflowHandle): Promise<string> {
  const history = JSON.parse(JSON.stringify(await handle.fetchHistory())) as unknown;
  // A history prints itself with each payload's bytes in base64, in which no canary would be found.
  return JSON.stringify(history, (key, value: unknown) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : value,
  );
}
