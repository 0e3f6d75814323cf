// A process of its own, started by useEmbeddedServer: runs the embedded Temporal server, starts it again when it dies, and ends it
// when nothing has used it for a while. It outlives the command that started it, and the server dies with it.
import { setTimeout as sleep } from 'node:timers/promises';
import { startDevServer, type DevServer } from './dev-server.js';
import {
  databaseFile,
  leaseDir,
  readState,
  removeState,
  startLock,
  touchState,
  writeState,
  type EmbeddedState,
} from './embedded-state.js';
import { withFileLock } from './file-lock.js';
import { isPortFree } from './free-ports.js';
import { hasLease } from './lease.js';

/** The one argument, as JSON. */
export interface SupervisorOptions {
  stateDir: string;
  /** Path of the Temporal CLI. */
  binary: string;
  /** How long the server stays when nobody uses it, ms. */
  idleMs: number;
}

const TICK_MS = 1_000;
/** A server that dies more often within a minute will not get better. */
const MAX_DEATHS = 5;

async function supervise({ stateDir, binary, idleMs }: SupervisorOptions): Promise<void> {
  const asked = new Promise<true>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve(true));
  });
  setInterval(() => void touchState(stateDir), TICK_MS);
  let deaths: number[] = [];
  while ((await runOnce(await start(stateDir, binary), stateDir, idleMs, asked)) === 'died') {
    deaths = [...deaths, performance.now()].filter((at) => performance.now() - at < 60_000);
    if (deaths.length > MAX_DEATHS) {
      await removeState(stateDir);
      throw new Error(`the Temporal server died ${deaths.length} times within a minute, given up`);
    }
  }
}

/** On the ports of the last server if they are free: what was connected to it finds the new one. */
async function start(stateDir: string, binary: string): Promise<DevServer> {
  const before = await readState(stateDir);
  const reuse = before !== null && (await isPortFree(before.port, 2_000)) && (await isPortFree(before.uiPort, 0));
  const ports = reuse ? { port: before.port, uiPort: before.uiPort } : {};
  const server = await startDevServer({ binary, dbFilename: databaseFile(stateDir), ...ports });
  await writeState(stateDir, stateOf(server));
  return server;
}

function stateOf({ address, namespace, namespaceId, pid, uiUrl = '' }: DevServer): EmbeddedState {
  const [port, uiPort] = [Number(new URL(`http://${address}`).port), Number(new URL(uiUrl).port)];
  return { pid, supervisorPid: process.pid, address, port, uiPort, uiUrl, namespace, namespaceId };
}

/** Until the server dies, or is ended: nobody used it for the time allowed, we were asked to, or the state folder is no longer ours. */
async function runOnce(
  server: DevServer,
  stateDir: string,
  idleMs: number,
  asked: Promise<true>,
): Promise<'died' | 'ended'> {
  let usedAt = performance.now();
  for (;;) {
    const tick = sleep(Math.min(TICK_MS, idleMs), false);
    const event = await Promise.race([server.ended.then(() => 'died' as const), asked, tick]);
    if (event === 'died') return 'died';
    if ((await readState(stateDir))?.supervisorPid !== process.pid) {
      server.kill();
      return 'ended';
    }
    if (await hasLease(leaseDir(stateDir))) usedAt = performance.now();
    const idle = performance.now() - usedAt >= idleMs;
    if ((event || idle) && (await end(server, stateDir, event))) return 'ended';
  }
}

/** Under the lock, so that no command adopts a server that is ending, or starts a second one on its database. */
function end(server: DevServer, stateDir: string, force: boolean): Promise<boolean> {
  return withFileLock(startLock(stateDir), async () => {
    if (!force && (await hasLease(leaseDir(stateDir)))) return false;
    await removeState(stateDir);
    await server.stop();
    return true;
  });
}

supervise(JSON.parse(process.argv[2] ?? '{}') as SupervisorOptions).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
