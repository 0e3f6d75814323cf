import { Command } from 'commander';
import { DEFAULT_TASK_QUEUE } from '../../jobs/names.js';
import { startDevServer } from '../../local/index.js';
import type { Provider } from '../../providers/provider.js';
import { createSandbox } from '../../sandbox/index.js';
import { DEFAULT_KEY } from '../../sandbox/options.js';
import { createProvider, vendorOfAccount, vendorOfSandbox } from '../accounts.js';
import { messageOf, unreachableError } from '../cli-error.js';
import { stateDirOf } from '../connect.js';
import { portArgument, positiveArgument, withHelp } from '../flags.js';
import { localActivities } from '../local-activities.js';
import { startLocalWorker } from '../local-worker.js';
import { installRuntime } from '../quiet-runtime.js';
import { sandboxLines } from '../sandbox-lines.js';
import { resultsDir } from '../state-dir.js';
import { untilSignal } from '../until.js';

interface DevFlags {
  port: number;
  uiPort: number;
  sandboxPort: number;
  speed: number;
  db?: string;
  state?: string;
}

export function devCommand(): Command {
  const command = new Command('dev')
    .summary('Temporal with its UI, the sandbox and a worker, in one process')
    .description(
      'Starts a Temporal dev server with its UI, the sandbox and the ready-made worker, prints how to reach them and runs until it\n' +
        'is stopped. The worker does all work in the sandbox: no vendor is asked.',
    )
    .option('--port <port>', 'port of Temporal', portArgument, 7233)
    .option('--ui-port <port>', "port of Temporal's UI", portArgument, 8233)
    .option('--sandbox-port <port>', 'port of the sandbox', portArgument, 8787)
    .option('--speed <factor>', "how much faster the sandbox's jobs run", positiveArgument, 1)
    .option('--db <file>', 'keep workflows in this SQLite file (default: in memory)')
    .option('--state <dir>', 'folder of the results')
    .action(run);
  return withHelp(command, {});
}

async function run(flags: DevFlags): Promise<void> {
  installRuntime('WARN');
  const log = (text: string): void => void process.stderr.write(`${text}\n`);
  const stateDir = stateDirOf(flags);
  const { port, uiPort, speed } = flags;
  const database = flags.db === undefined ? {} : { dbFilename: flags.db };
  const server = await startDevServer({ port, uiPort, log, ...database }).catch(rethrow('--port or --ui-port'));
  const sandbox = await createSandbox({ port: flags.sandboxPort, speed, key: DEFAULT_KEY }).catch(
    rethrow('--sandbox-port'),
  );
  const access = { url: sandbox.url, key: DEFAULT_KEY };
  const activities = localActivities(stateDir, { results: resultsDir(stateDir) }, sandboxAccounts(access));
  const session = { connectionOptions: { address: server.address }, namespace: server.namespace, stateDir };
  const worker = await startLocalWorker(session, DEFAULT_TASK_QUEUE, activities, log);
  process.stdout.write(
    [
      `# Temporal's UI: ${server.uiUrl ?? ''}`,
      `# worker: task queue ${DEFAULT_TASK_QUEUE}`,
      `export TEMPORAL_ADDRESS=${server.address}`,
      sandboxLines(access),
    ].join('\n'),
  );
  await Promise.race([untilSignal(), worker.done, server.ended]);
  await worker.stop();
  await sandbox.close();
  await server.stop();
}

/** Every account is its vendor's part of the sandbox. */
function sandboxAccounts(access: { url: string; key: string }): (account: string) => Promise<Provider> {
  const open = new Map<string, Provider>();
  return async (account) => {
    const name = vendorOfAccount(account);
    const provider = open.get(name) ?? createProvider(name, vendorOfSandbox(name, access));
    open.set(name, provider);
    return provider;
  };
}

/** What could not be started, and the flag that may help. */
function rethrow(flags: string): (error: unknown) => never {
  return (error) => {
    throw unreachableError(`${messageOf(error)} (${flags})`);
  };
}
