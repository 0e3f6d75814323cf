import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { dieWithParent } from './die-with-parent.js';
import { freePorts, isPortFree } from './free-ports.js';
import { probeServer } from './probe-server.js';
import { keepTail, lastLine } from './run-command.js';
import { serverEnv } from './server-env.js';
import { findTemporalBinary } from './temporal-binary.js';

export interface DevServerOptions {
  /** SQLite file that keeps everything. Default: in memory, gone with the server. */
  dbFilename?: string;
  /** gRPC port on 127.0.0.1. Default: a free one. */
  port?: number;
  /** Port of Temporal's web UI. Default: a free one. */
  uiPort?: number;
  /** No web UI. Default false. */
  headless?: boolean;
  /** Made at launch, beside `default`. Default `default`. */
  namespace?: string;
  /** Path of the Temporal CLI. Default: {@link findTemporalBinary}. */
  binary?: string;
  /** Told of work that takes a while. Default: nobody. */
  log?: (line: string) => void;
}

/** A Temporal dev server, a process of its own. */
export interface DevServer {
  /** `127.0.0.1:PORT` of its gRPC service. */
  address: string;
  /** Absent when headless. */
  uiUrl?: string;
  namespace: string;
  /** The id that its database gave to the namespace: tells databases apart. */
  namespaceId: string;
  pid: number;
  /** Resolves when the process has ended, however it ended. */
  ended: Promise<void>;
  /** Asks it to end (SIGTERM), insists after 10 s, and waits. One without a database file has nothing to save and is killed. */
  stop(): Promise<void>;
  /** Kills it (SIGKILL) without waiting. */
  kill(): void;
}

const START_LIMIT_MS = 30_000;
/** With what a database holds it may be busy for a while before it answers. */
const BUSY_LIMIT_MS = 3 * 60_000;
const STOP_LIMIT_MS = 10_000;

/**
 * Starts a Temporal dev server and waits until it answers. It has a process group of its own, so Ctrl-C reaches it only through
 * `stop`, and it dies with this process even if that is killed with -9.
 * @throws Error with one line when a given port is taken, or when the server does not come up: its last words.
 */
export async function startDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  const binary = options.binary ?? (await findTemporalBinary('cli', options.log ? { log: options.log } : {}));
  for (const [name, port] of [
    ['port', options.port],
    ['UI port', options.uiPort],
  ] as const) {
    if (port !== undefined && !(await isPortFree(port, 2_000))) {
      throw new Error(`The Temporal dev server can't have ${name} ${port}: something listens there, choose another`);
    }
  }
  const [freePort = 0, freeUiPort = 0] = await freePorts(2);
  const { port = freePort, uiPort = freeUiPort, namespace = 'default', headless = false } = options;
  const child = spawnServer(binary, { ...options, port, uiPort, namespace, headless });
  const stderr = child.stderr === null ? () => '' : keepTail(child.stderr);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const kill = (): void => void child.kill('SIGKILL');
  const address = `127.0.0.1:${port}`;
  const namespaceId = await Promise.race([answers(address, namespace, child, options), ended.then(() => null)]);
  if (namespaceId === null || child.pid === undefined) {
    kill();
    throw new Error(`The Temporal dev server did not start: ${lastLine(stderr()) ?? 'it gave no reason'}`);
  }
  return {
    address,
    ...(headless ? {} : { uiUrl: `http://127.0.0.1:${uiPort}` }),
    namespace,
    namespaceId,
    pid: child.pid,
    ended,
    kill,
    async stop() {
      child.kill(options.dbFilename === undefined ? 'SIGKILL' : 'SIGTERM');
      const insist = setTimeout(kill, STOP_LIMIT_MS);
      await ended;
      clearTimeout(insist);
    },
  };
}

type Launch = Required<Pick<DevServerOptions, 'port' | 'uiPort' | 'namespace' | 'headless'>> & DevServerOptions;

function spawnServer(binary: string, { port, uiPort, namespace, headless, dbFilename }: Launch): ChildProcess {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--namespace', namespace];
  args.push(...(headless ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']));
  if (dbFilename !== undefined) args.push('--db-filename', dbFilename);
  args.push('--log-level', 'error', '--color', 'never', '--disable-config-file');
  const [command, commandArgs] = dieWithParent(binary, args);
  return spawn(command, commandArgs, { detached: true, env: serverEnv(), stdio: ['ignore', 'ignore', 'pipe'] });
}

/** @returns the namespace's id, or null after the limit or when the process has ended. */
async function answers(
  address: string,
  namespace: string,
  child: ChildProcess,
  { dbFilename, log }: DevServerOptions,
): Promise<string | null> {
  const end = performance.now() + (dbFilename === undefined ? START_LIMIT_MS : BUSY_LIMIT_MS);
  const notice = setTimeout(
    () => log?.('The Temporal dev server is busy with what its database holds …'),
    START_LIMIT_MS,
  );
  try {
    while (performance.now() < end && child.exitCode === null && child.signalCode === null) {
      const id = await probeServer(address, namespace);
      if (id !== null) return id;
      await sleep(50);
    }
  } finally {
    clearTimeout(notice);
  }
  return null;
}
