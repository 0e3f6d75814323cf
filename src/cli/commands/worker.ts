import { Command } from 'commander';
import type { WebhookServer } from '../../webhooks/serve-webhooks.js';
import { requireAnyVendor, sandboxAccount, vendorFromEnvironment } from '../accounts.js';
import { DEFAULT_PROVIDER } from '../../providers/types.js';
import { openSession, type Session, stateDirOf, type TemporalFlags } from '../connect.js';
import { documentQueue } from '../document-queue.js';
import { durationArgument, portArgument, repeated, temporalFlags, withHelp } from '../flags.js';
import { localActivities } from '../local-activities.js';
import { startLocalWorker } from '../local-worker.js';
import { installRuntime } from '../quiet-runtime.js';
import { receiveWebhooks } from '../receive-webhooks.js';
import { ensureSandbox } from '../sandbox-process.js';
import { type HealthServer, serveHealth } from '../serve-health.js';
import { resultsDir } from '../state-dir.js';
import { untilSignal } from '../until.js';
import { WEBHOOK_ENVIRONMENT, webhookAccounts } from '../webhook-accounts.js';
import { openWorkerStore } from '../worker-store.js';

interface WorkerFlags extends TemporalFlags {
  sandbox?: true;
  taskQueue?: string;
  results?: string;
  allow: string[];
  webhookPort?: number;
  webhookHost: string;
  grace?: number;
  healthPort?: number;
  healthHost: string;
}

/** A submit's reply is worth waiting for; somebody at a terminal does not like to wait. */
const GRACE_MS = { embedded: 5_000, elsewhere: 30_000 };

export function workerCommand(): Command {
  const command = new Command('worker')
    .summary('the ready-made worker')
    .description(
      'Runs the workflows and activities of this package until it is stopped; SIGINT or SIGTERM let running activities finish.\n' +
        'It uploads local files that a command line with the same --state has named, or that lie under a folder of --allow.',
    )
    .option('--task-queue <name>', 'task queue to work for (default: document-jobs)')
    .option('--allow <dir>', 'folder of local documents that may be uploaded; may be repeated', repeated, [])
    .option('--sandbox', "work for the sandbox's documents")
    .option('--webhook-port <port>', 'receive webhooks on this port too, as docjobs webhook does', portArgument)
    .option('--webhook-host <address>', 'address to receive webhooks on', '127.0.0.1')
    .option(
      '--results <dir|s3://bucket/prefix>',
      'result store (default: results/ in --state); S3 as the AWS SDK finds it',
    )
    .option(
      '--grace <duration>',
      'how long activities may finish after SIGTERM (default: 30s; 5s on the embedded server)',
      durationArgument,
    )
    .option(
      '--health-port <port>',
      'answer 200 on this port while the worker runs, 503 while it starts or stops',
      portArgument,
    )
    .option('--health-host <address>', 'address to answer on', '127.0.0.1')
    .action(run);
  return withHelp(temporalFlags(command), { vendors: true, temporal: true }).addHelpText(
    'after',
    `\nWebhooks:\n${WEBHOOK_ENVIRONMENT}`,
  );
}

async function run(flags: WorkerFlags): Promise<void> {
  const stateDir = stateDirOf(flags);
  if (flags.sandbox) await ensureSandbox(stateDir);
  else requireAnyVendor();
  if (flags.webhookPort !== undefined) webhookAccounts([]);
  installRuntime('INFO');
  const log = (text: string): void => void process.stderr.write(`${text}\n`);
  const session = await openSession(flags, log);
  let health: HealthServer | undefined;
  try {
    const baseUrl = vendorFromEnvironment(DEFAULT_PROVIDER)?.baseUrl;
    const { embedded } = session;
    const where = { sandbox: flags.sandbox === true, embedded, ...(baseUrl === undefined ? {} : { baseUrl }) };
    const taskQueue = flags.taskQueue ?? documentQueue(where);
    const results = flags.results ?? resultsDir(stateDir);
    // Before the worker: a port that is taken must not be found out with work in hand.
    let isRunning = (): boolean => false;
    if (flags.healthPort !== undefined)
      health = await serveHealth(flags.healthPort, flags.healthHost, () => isRunning());
    const worker = await startLocalWorker(
      session,
      taskQueue,
      localActivities(stateDir, { results: await openWorkerStore(results), allow: flags.allow }),
      log,
      flags.grace ?? (embedded ? GRACE_MS.embedded : GRACE_MS.elsewhere),
    );
    isRunning = () => worker.isRunning();
    const address = session.connectionOptions.address ?? '';
    process.stdout.write(
      `worker ready: Temporal ${address}, namespace ${session.namespace}, task queue ${taskQueue}\n`,
    );
    const receiver = await receiverBeside(session, flags, taskQueue, log);
    await Promise.race([untilSignal(), worker.done]);
    await receiver?.close();
    await worker.stop();
  } finally {
    await health?.close();
    await session.close();
  }
}

async function receiverBeside(
  session: Session,
  { webhookPort: port, webhookHost: host, sandbox }: WorkerFlags,
  taskQueue: string,
  log: (text: string) => void,
): Promise<WebhookServer | undefined> {
  if (port === undefined) return undefined;
  const accounts = sandbox ? Object.keys(webhookAccounts([])).map(sandboxAccount) : [];
  const flags = { port, host, prefix: '/webhooks', accounts, mailbox: { taskQueue } };
  const receiver = await receiveWebhooks(session, flags, log);
  process.stdout.write(`webhooks: ${receiver.urls.join(' ')}\n`);
  return receiver;
}
