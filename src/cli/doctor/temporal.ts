import { inspectEmbeddedServer } from '../../local/index.js';
import { readState } from '../../local/embedded-state.js';
import { isAlive } from '../../local/is-alive.js';
import { namedTemporal, openSession, type Session, stateDirOf, type TemporalFlags } from '../connect.js';
import { fromError, ok, unreachable, type Verdict } from './check.js';

/** Temporal as it is found: nothing is started. */
export interface FoundTemporal {
  verdict: Verdict;
  /** Null when nothing answers, or the embedded server does not run now. */
  session: Session | null;
}

const silent = (): void => undefined;

/** The Temporal that flags, environment or `temporal.toml` name, else the embedded one. Never rejects. */
export async function findTemporal(flags: TemporalFlags): Promise<FoundTemporal> {
  try {
    if (namedTemporal(flags) !== null) return await describe(await openSession(flags, silent), null);
    return await findEmbedded(stateDirOf(flags));
  } catch (error) {
    return { verdict: fromError(error), session: null };
  }
}

async function findEmbedded(stateDir: string): Promise<FoundTemporal> {
  const state = await inspectEmbeddedServer(stateDir);
  if (state !== null) {
    const { address, namespace } = state;
    const session = await openSession({ address, namespace, state: stateDir }, silent);
    return describe({ ...session, embedded: true }, stateDir);
  }
  const left = await readState(stateDir);
  if (left === null || !isAlive(left.supervisorPid)) {
    return { verdict: ok(`embedded, not running now: the next command starts it on ${stateDir}`), session: null };
  }
  const words = `embedded, runs on ${stateDir} and does not answer at ${left.address}`;
  const mend = `try again in a minute; if that does not help, end it with "kill ${left.supervisorPid}"`;
  return { verdict: unreachable(words, mend), session: null };
}

async function describe(session: Session, stateDir: string | null): Promise<FoundTemporal> {
  const { client, connectionOptions, namespace } = session;
  const version = await client.workflowService.getSystemInfo({}).then(
    ({ serverVersion }) => (serverVersion ? `version ${serverVersion}` : 'version not told'),
    () => 'version not told',
  );
  const words = `${connectionOptions.address ?? ''}, ${version}, namespace ${namespace}`;
  return { verdict: ok(stateDir === null ? words : `embedded, ${words}, state in ${stateDir}`), session };
}
