import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { createSandbox, parseFaults } from '../../sandbox/index.js';
import { messageOf, usageError } from '../cli-error.js';
import { durationArgument, portArgument, positiveArgument, repeated, withHelp } from '../flags.js';
import { readProblem } from '../read-json-file.js';
import { sandboxLines } from '../sandbox-lines.js';
import { writeAtomically } from '../state-dir.js';
import { untilIdle, untilSignal } from '../until.js';

interface SandboxFlags {
  host: string;
  port: number;
  key: string;
  speed: number;
  allowPrivateSources?: true;
  webhookHost: string[];
  faults?: string;
  announce?: string;
  idle?: number;
}

export function sandboxCommand(): Command {
  const command = new Command('sandbox')
    .summary("the local stand-in for the vendors' APIs, alone")
    .description(
      "Serves the vendors' HTTP APIs locally until it is stopped, and prints how to reach them. It reads real documents, but it\n" +
        'is no model. Control and ledger are under /_sandbox.',
    )
    .option('--port <port>', 'port to listen on; 0 = any free one', portArgument, 8787)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--key <key>', 'the one key that it accepts', 'sandbox-key')
    .option('--speed <factor>', 'how much faster its jobs run', positiveArgument, 1)
    .option('--allow-private-sources', 'fetch documents from private networks too')
    .option(
      '--webhook-host <host>',
      'send webhooks to this host too, beside this machine; may be repeated',
      repeated,
      [],
    )
    .option('--faults <file.json>', 'script of faults')
    .option('--idle <duration>', 'end after so long without a request (default: never)', durationArgument)
    .addOption(new Option('--announce <file>', 'write pid and address to a file when up').hideHelp())
    .action(run);
  return withHelp(command, {});
}

async function run(flags: SandboxFlags): Promise<void> {
  const { host, port, key, speed, allowPrivateSources = false } = flags;
  const webhooks = { hosts: flags.webhookHost };
  const faults = flags.faults === undefined ? {} : { faults: await readFaults(flags.faults) };
  const sandbox = await createSandbox({ host, port, key, speed, allowPrivateSources, webhooks, ...faults }).catch(
    (error: unknown) => {
      throw usageError(`the sandbox can't listen on port ${port} (${messageOf(error)}); choose another with --port`);
    },
  );
  if (flags.announce !== undefined) {
    await writeAtomically(flags.announce, JSON.stringify({ pid: process.pid, url: sandbox.url, key, speed }));
  }
  process.stdout.write(sandboxLines({ url: sandbox.url, key }));
  const idle = flags.idle === undefined ? [] : [untilIdle(() => JSON.stringify(sandbox.ledger.counts()), flags.idle)];
  await Promise.race([untilSignal(), ...idle]);
  await sandbox.close();
}

async function readFaults(path: string): Promise<ReturnType<typeof parseFaults>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw usageError(`--faults ${path}: ${readProblem(error)}`);
  });
  try {
    return parseFaults(JSON.parse(text) as unknown);
  } catch (error) {
    throw usageError(`--faults ${path}: ${messageOf(error)}`);
  }
}
