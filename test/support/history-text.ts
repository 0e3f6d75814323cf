import type { WorkflowHandle } from '@temporalio/client';

/** A workflow's whole history as text, payloads decoded: for scans and counts. */
export async function historyText(handle: WorkflowHandle): Promise<string> {
  const history = await handle.fetchHistory();
  return JSON.stringify(history, (_key, value: unknown) =>
    value instanceof Uint8Array || isSerialisedBuffer(value)
      ? Buffer.from(value instanceof Uint8Array ? value : value.data).toString('utf8')
      : value,
  );
}

/** `JSON.stringify` has turned a Buffer into this before the replacer sees it. */
function isSerialisedBuffer(value: unknown): value is { data: number[] } {
  return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer';
}
