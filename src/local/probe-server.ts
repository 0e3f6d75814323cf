import { connect } from 'node:net';
import { Connection } from '@temporalio/client';

/**
 * Asks a local Temporal server for a namespace.
 * @param address `127.0.0.1:PORT`.
 * @returns the namespace's id, which is unique to a database; null when nothing answers there or it has no such namespace.
 */
export async function probeServer(address: string, namespace: string, limitMs = 2_000): Promise<string | null> {
  // gRPC takes a second before it tries a refused port again.
  if (!(await accepts(address))) return null;
  try {
    const connection = await Connection.connect({ address, connectTimeout: limitMs });
    try {
      const found = await connection.withDeadline(Date.now() + limitMs, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
      return found.namespaceInfo?.id ?? null;
    } finally {
      await connection.close();
    }
  } catch {
    return null;
  }
}

function accepts(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`http://${address}`);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
