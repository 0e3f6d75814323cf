import { connect, createServer, type Socket } from 'node:net';
import { steadyPort } from './steady-port.js';

/** A way to a server that can be shut, as a host that is down is: connections break, and new ones are refused. */
export interface Door extends AsyncDisposable {
  url: string;
  shut(): Promise<void>;
  open(): Promise<void>;
}

export async function startDoor(behind: string): Promise<Door> {
  const port = Number(new URL(behind).port);
  const sockets = new Set<Socket>();
  const server = createServer((outside) => {
    const inside = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(at, '127.0.0.1', resolve);
    });
  const own = await steadyPort();
  await listen(own);
  const shut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { url: `http://127.0.0.1:${own}`, shut, open: () => listen(own), [Symbol.asyncDispose]: shut };
}
