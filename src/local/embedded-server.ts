import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { leaseDir, logFile, readState, startLock, stateTouchedAt, type EmbeddedState } from './embedded-state.js';
import type { SupervisorOptions } from './embedded-supervisor.js';
import { withFileLock } from './file-lock.js';
import { isAlive } from './is-alive.js';
import { takeLease } from './lease.js';
import { probeServer } from './probe-server.js';
import { lastLine } from './run-command.js';
import { serverEnv } from './server-env.js';
import { findTemporalBinary } from './temporal-binary.js';

export interface EmbeddedServerOptions {
  /** Folder of the database and of all that is known of the running server. Made when missing. */
  stateDir: string;
  /** Told of work that takes a while. Default: nobody. */
  log?: (line: string) => void;
  /** How long a server that this call starts stays after its last use, ms. Default 10 minutes. */
  idleMs?: number;
}

export interface EmbeddedServer {
  address: string;
  namespace: string;
  /** Temporal's web UI. */
  uiUrl: string;
  /** Says that this process no longer uses the server, which ends some time after its last user. */
  release(): Promise<void>;
}

const DEFAULT_IDLE_MS = 10 * 60_000;
/** Longer than the supervisor takes to start a server, or to notice that it can't. */
const START_LIMIT_MS = 45_000;
/** A supervisor that gives no sign of life for this long is a stranger with a reused process id. */
const SILENCE_MS = 5_000;

/**
 * The embedded Temporal server with durable state: adopts the one that runs for the state folder, else starts one on the same
 * database. It lives in a process group of its own, outlives this process, and ends by itself when nobody has used it for a while.
 * @throws Error with one line when the folder can't be used or the server does not start.
 */
export async function useEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const stateDir = resolve(options.stateDir);
  await mkdir(stateDir, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new Error(`The state folder ${stateDir} can't be used (${error.message}): name another one`);
  });
  // Before anything else: a server that is about to end for lack of use looks at the leases once more.
  const release = await takeLease(leaseDir(stateDir));
  try {
    const { address, namespace, uiUrl } = await withFileLock(
      startLock(stateDir),
      async () => (await adopt(stateDir)) ?? (await start({ ...options, stateDir })),
    );
    return { address, namespace, uiUrl, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Looks whether an embedded server runs for a state folder and answers; starts nothing. */
export async function inspectEmbeddedServer(stateDir: string): Promise<EmbeddedState | null> {
  const state = await readState(stateDir);
  if (state === null || !isAlive(state.supervisorPid)) return null;
  return (await isOurs(state)) ? state : null;
}

/**
 * Its process lives, and it has the database's own namespace id: after a restart of the machine another server may have the port. A
 * server that was started again answers a moment before its state is written.
 */
const isOurs = async (state: EmbeddedState): Promise<boolean> =>
  isAlive(state.pid) && (await probeServer(state.address, state.namespace)) === state.namespaceId;

/** @returns the running server; null when there is none. Waits for one that its supervisor is starting again. */
async function adopt(stateDir: string): Promise<EmbeddedState | null> {
  const end = performance.now() + START_LIMIT_MS;
  let [touchedAt, touchSeen] = [await stateTouchedAt(stateDir), performance.now()];
  for (;;) {
    const state = await readState(stateDir);
    if (state === null || !isAlive(state.supervisorPid)) return null;
    if (await isOurs(state)) return state;
    const touched = await stateTouchedAt(stateDir);
    if (touched !== touchedAt) [touchedAt, touchSeen] = [touched, performance.now()];
    if (performance.now() - touchSeen > SILENCE_MS) return null;
    if (performance.now() > end) {
      const stop = `\`kill ${state.supervisorPid}\``;
      throw new Error(
        `The embedded Temporal server does not answer at ${state.address}: end it with ${stop}, then try again`,
      );
    }
    await sleep(100);
  }
}

async function start({ stateDir, log, idleMs = DEFAULT_IDLE_MS }: EmbeddedServerOptions): Promise<EmbeddedState> {
  const binary = await findTemporalBinary('cli', log === undefined ? {} : { log });
  log?.(`starting the embedded Temporal server on ${stateDir}`);
  const options: SupervisorOptions = { stateDir, binary: resolve(binary), idleMs };
  const supervisor = fileURLToPath(new URL('./embedded-supervisor.js', import.meta.url));
  const output = await open(logFile(stateDir), 'w', 0o600);
  const child = spawn(process.execPath, [supervisor, JSON.stringify(options)], {
    cwd: stateDir,
    detached: true,
    env: serverEnv(),
    stdio: ['ignore', output.fd, output.fd],
  });
  child.on('error', () => undefined);
  child.unref();
  await output.close();
  const end = performance.now() + START_LIMIT_MS;
  while (performance.now() < end && child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const state = await readState(stateDir);
    if (state?.supervisorPid === child.pid) return state;
    await sleep(50);
  }
  const why = lastLine(await readFile(logFile(stateDir), 'utf8')) ?? 'The embedded Temporal server did not start';
  throw new Error(`${why} (see ${logFile(stateDir)})`);
}
