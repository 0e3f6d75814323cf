import { Command } from 'commander';
import { DEFAULT_PROVIDER } from '../../providers/types.js';
import {
  createProvider,
  requireVendor,
  vendorOfAccount,
  webhookSecretVariable as secretVariable,
} from '../accounts.js';
import { CliError, unreachableError, usageError } from '../cli-error.js';
import { openSession, type TemporalFlags } from '../connect.js';
import { EXIT } from '../exit-codes.js';
import { portArgument, repeated, temporalFlags, withHelp } from '../flags.js';
import { vendorProblem } from '../probe.js';
import { receiveWebhooks } from '../receive-webhooks.js';
import { untilSignal } from '../until.js';
import { TOKEN_VARIABLE, WEBHOOK_ENVIRONMENT, webhookAccounts, webhookSecrets } from '../webhook-accounts.js';
import { webhookSelfTest } from '../webhook-self-test.js';
import { parseUrl } from '../../jobs/parse-url.js';

interface WebhookFlags extends TemporalFlags {
  port: number;
  host: string;
  path: string;
  account: string[];
  taskQueue?: string;
  mailbox: boolean;
  configure?: true;
  test?: string;
}

const PORTAL_LIMIT_MS = 20_000;

export function webhookCommand(): Command {
  const command = new Command('webhook')
    .summary("receives vendors' webhooks, which wake documents that wait")
    .description(
      "Receives vendors' webhooks until it is stopped, and hands them to Temporal: at <path>/<account>, signed, and at\n" +
        '<path>/<account>/<token>, where the vendor calls without a signature. Put TLS in front of it. Documents need none: without\n' +
        'webhooks, or when one is lost, the vendor is asked as ever.',
    )
    .option('--port <port>', 'port to listen on; 0 = any free one', portArgument, 8788)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--path <prefix>', 'what stands before the account in the path', '/webhooks')
    .option(
      '--account <name>',
      'account to receive for; may be repeated (default: vendors that have a secret)',
      repeated,
      [],
    )
    .option('--task-queue <name>', 'task queue of the mailboxes of jobs whose workflow the event does not tell')
    .option('--no-mailbox', 'drop such events')
    .option('--configure', "say what to enter in the vendor's portal, and show the link to it, here and nowhere else")
    .option('--test <url>', 'send a test event to this URL of a receiver, and some that it must refuse')
    .action(run);
  return withHelp(temporalFlags(command), { vendors: true, temporal: true }).addHelpText(
    'after',
    `\nWebhooks:\n${WEBHOOK_ENVIRONMENT}`,
  );
}

async function run(flags: WebhookFlags): Promise<void> {
  if (flags.configure) await configure(flags);
  if (flags.test !== undefined) await test(flags, flags.test);
  if (!flags.configure && flags.test === undefined) await serve(flags);
}

async function serve({ port, host, path: prefix, account: accounts, ...flags }: WebhookFlags): Promise<void> {
  // What is wrong with the environment shows before a server is started.
  webhookAccounts(accounts);
  const log = (text: string): void => void process.stderr.write(`${text}\n`);
  const session = await openSession(flags, log);
  try {
    const { taskQueue } = flags;
    const mailbox = flags.mailbox && (taskQueue === undefined ? {} : { taskQueue });
    const server = await receiveWebhooks(session, { port, host, prefix, accounts, mailbox }, log);
    const places = server.urls.map((url) => `  ${url}\n`).join('');
    process.stdout.write(`webhooks are received for Temporal's namespace ${session.namespace}:\n${places}`);
    await untilSignal();
    await server.close();
  } finally {
    await session.close();
  }
}

/** The link opens the portal for whoever has it: it goes to the terminal, and into no log and no file. */
async function configure({ account: accounts, path }: WebhookFlags): Promise<void> {
  for (const account of accounts.length > 0 ? accounts : [DEFAULT_PROVIDER]) {
    const name = vendorOfAccount(account);
    const provider = createProvider(name, requireVendor(name));
    try {
      if (provider.webhookPortal === undefined) throw usageError(`${name} gives no link to its portal`);
      const signal = AbortSignal.timeout(PORTAL_LIMIT_MS);
      const link = await provider.webhookPortal({ signal }).catch((error: unknown) => {
        throw unreachableError(vendorProblem(name, error, signal.aborted, PORTAL_LIMIT_MS));
      });
      process.stdout.write(`${setUpText(account, name, path)}\n  ${new URL(link).href}\n`);
    } finally {
      await provider.close();
    }
  }
}

const setUpText = (account: string, provider: string, path: string): string =>
  `${account}: open the portal by the link below, add an endpoint
  https://<your host>${path}/${account}
and set ${secretVariable(provider)} to the signing secret that the portal shows for it (whsec_…). Then start "docjobs webhook", and try it with
  docjobs webhook --test https://<your host>${path}/${account}
The link opens the portal for whoever has it, perhaps only once; it is not kept:`;

async function test({ account: [named] }: WebhookFlags, text: string): Promise<void> {
  if (!/^https?:\/\//.test(text) || parseUrl(text) === null) {
    throw usageError('--test: expected the URL of a receiver, such as https://hooks.example.com/webhooks/reducto');
  }
  const url = new URL(text);
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  const isDirect = /^[\w-]{32,}$/.test(segments.at(-1) ?? '');
  const account = named ?? segments.at(isDirect ? -2 : -1) ?? DEFAULT_PROVIDER;
  const [secret] = isDirect ? [] : webhookSecrets(account).secrets;
  if (!isDirect && secret === undefined) {
    const variable = secretVariable(vendorOfAccount(account));
    throw usageError(`--test: set ${variable}, or end the URL in the token of ${TOKEN_VARIABLE}`);
  }
  const steps = await webhookSelfTest(url, secret ?? null);
  const lines = steps.map(
    ({ what, status, result }) => `  ${what.padEnd(28)}  ${String(status ?? '–').padEnd(4)}  ${result}\n`,
  );
  process.stdout.write(`${url.origin}, account ${account}\n${lines.join('')}`);
  if (steps.some(({ status }) => status === null)) throw unreachableError(`${url.origin} does not answer`);
  if (steps.some(({ passed }) => !passed)) throw new CliError(EXIT.failed, 'the receiver is not as it must be');
}
