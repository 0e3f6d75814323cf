import { Command } from 'commander';
import type { ListedJobs, ListQuery, Provider } from '../../providers/provider.js';
import { DEFAULT_PROVIDER } from '../../providers/types.js';
import { VendorError } from '../../providers/vendor-error.js';
import {
  checkProviderName,
  createProvider,
  isSandboxAccount,
  PROVIDER_NAMES,
  requireVendor,
  vendorOfAccount,
  vendorOfSandbox,
} from '../accounts.js';
import { unreachableError, usageError } from '../cli-error.js';
import { stateDirOf } from '../connect.js';
import { jsonFlag, withHelp, wholeArgument } from '../flags.js';
import { jobsText } from '../jobs-text.js';
import { vendorProblem } from '../probe.js';
import { ensureSandbox } from '../sandbox-process.js';
import { providerOfAccount } from '../state-dir.js';

interface JobsFlags {
  provider?: string;
  account?: string;
  limit?: number;
  cursor?: string;
  json?: true;
  sandbox?: true;
  state?: string;
}

const LIMIT_MS = 30_000;

const EXAMPLES = `
Examples:
  docjobs jobs --limit 20
  docjobs jobs --json | jq -r 'select(.status == "running").jobId'
  docjobs jobs --sandbox

With --json, a line for each job, then one with nextCursor (null on the last page) and sandbox.`;

export function jobsCommand(): Command {
  const command = new Command('jobs')
    .summary("a vendor's job list, a page at a time")
    .description(
      'Lists the jobs that a vendor has of an account, whoever submitted them. Asks the vendor, not Temporal.',
    )
    .option(
      '--provider <name>',
      `vendor: ${PROVIDER_NAMES.join(' | ')} (default: ${DEFAULT_PROVIDER}, or the account's)`,
    )
    .option('--account <name>', "account whose vendor is asked; the key is the environment's")
    .option('--limit <count>', "jobs on a page (default: the vendor's)", wholeArgument)
    .option('--cursor <cursor>', 'go on after the page that named it')
    .addOption(jsonFlag())
    .option('--sandbox', "list the local stand-in's jobs, not the vendor's")
    .option('--state <dir>', 'folder of the sandbox')
    .addHelpText('after', EXAMPLES)
    .action(run);
  return withHelp(command, { vendors: true });
}

async function run(flags: JobsFlags): Promise<void> {
  if (flags.sandbox && flags.account !== undefined) {
    throw usageError('--account names an account of a vendor: leave it out with --sandbox');
  }
  const stateDir = stateDirOf(flags);
  const name = await providerNameOf(flags, stateDir);
  await requireList(name);
  const sandbox = flags.sandbox === true || (flags.account !== undefined && isSandboxAccount(flags.account));
  const vendor = sandbox ? vendorOfSandbox(name, await ensureSandbox(stateDir)) : requireVendor(name);
  const provider = createProvider(name, vendor);
  try {
    const page = await readPage(provider, queryOf(flags));
    const text = flags.json ? asJson(page, sandbox) : jobsText(page, { provider, command: commandOf(flags), sandbox });
    process.stdout.write(text);
  } finally {
    await provider.close();
  }
}

async function providerNameOf({ provider, account }: JobsFlags, stateDir: string): Promise<string> {
  if (provider !== undefined) return checkProviderName(provider);
  if (account === undefined) return DEFAULT_PROVIDER;
  return (await providerOfAccount(stateDir, account)) ?? vendorOfAccount(account);
}

/** Told before a key is asked for, which would be of no use. */
async function requireList(name: string): Promise<void> {
  const keyless = createProvider(name, { apiKey: 'none' });
  await keyless.close();
  if (keyless.listJobs !== undefined) return;
  throw usageError(
    `${name} has no job list: its API can't list jobs, so that a job is only found by its id; "docjobs list" shows the workflows`,
  );
}

/** @throws usage error for a query that is refused, here or by the vendor; exit 4 for all other trouble. */
async function readPage(provider: Provider, query: ListQuery): Promise<ListedJobs> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  try {
    return await provider.listJobs!(query, { signal });
  } catch (error) {
    if (error instanceof TypeError) throw usageError(error.message);
    if (error instanceof VendorError && error.kind === 'rejected') {
      throw usageError(`${provider.name} refuses to list: ${error.facts.reason}`);
    }
    throw unreachableError(vendorProblem(provider.name, error, signal.aborted, LIMIT_MS));
  }
}

function queryOf({ limit, cursor }: JobsFlags): ListQuery {
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
    excludeConfigs: true,
  };
}

/** The command line that asks for the same, but for the page. */
function commandOf({ provider, account, limit, sandbox, state }: JobsFlags): string[] {
  return [
    ...['docjobs', 'jobs'],
    ...(provider === undefined ? [] : ['--provider', provider]),
    ...(account === undefined ? [] : ['--account', account]),
    ...(limit === undefined ? [] : ['--limit', String(limit)]),
    ...(sandbox ? ['--sandbox'] : []),
    ...(state === undefined ? [] : ['--state', state]),
  ];
}

function asJson({ jobs, nextCursor }: ListedJobs, sandbox: boolean): string {
  return [...jobs, { nextCursor, sandbox }].map((line) => `${JSON.stringify(line)}\n`).join('');
}
