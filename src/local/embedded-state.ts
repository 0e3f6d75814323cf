import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What stands in `server.json` of a state folder while an embedded server runs there. */
export interface EmbeddedState {
  /** The server's process. */
  pid: number;
  /** The process that started the server, restarts it and ends it. */
  supervisorPid: number;
  address: string;
  port: number;
  uiPort: number;
  uiUrl: string;
  namespace: string;
  /** Tells our database from that of another server which got the same port. */
  namespaceId: string;
}

export const stateFile = (stateDir: string): string => join(stateDir, 'server.json');
/** Held while a server is started, adopted or ended: these exclude each other. */
export const startLock = (stateDir: string): string => join(stateDir, 'server.lock');
export const databaseFile = (stateDir: string): string => join(stateDir, 'temporal.db');
/** What the supervisor of the last server wrote. */
export const logFile = (stateDir: string): string => join(stateDir, 'server.log');
export const leaseDir = (stateDir: string): string => join(stateDir, 'leases');

/** @returns null when there is none. */
export async function readState(stateDir: string): Promise<EmbeddedState | null> {
  try {
    return JSON.parse(await readFile(stateFile(stateDir), 'utf8')) as EmbeddedState;
  } catch {
    return null;
  }
}

/** A reader never sees half a state. */
export async function writeState(stateDir: string, state: EmbeddedState): Promise<void> {
  const temporary = `${stateFile(stateDir)}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, stateFile(stateDir));
}

export const removeState = (stateDir: string): Promise<void> => rm(stateFile(stateDir), { force: true });

/** The supervisor's sign of life. */
export const touchState = (stateDir: string): Promise<void> =>
  utimes(stateFile(stateDir), new Date(), new Date()).catch(() => undefined);

/** When the supervisor gave its last sign of life, ms since the epoch; null when there is no state. */
export const stateTouchedAt = (stateDir: string): Promise<number | null> =>
  stat(stateFile(stateDir)).then(
    (found) => found.mtimeMs,
    () => null,
  );
