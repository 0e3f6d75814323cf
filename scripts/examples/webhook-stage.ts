import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { startDevServer } from '../../src/local/index.js';
import { freePorts } from '../../src/local/free-ports.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { type CommandEnd, runCommand, startService } from './run-command.js';

/** An example that receives webhooks, ready to be started. */
export interface WebhookExample {
  /** Its copy, with the packed package installed. */
  folder: string;
  /** What stands before the account in the receiver's path. */
  path: string;
  /** Starts it. */
  command: (port: number) => string[];
}

/** Everything around a receiver, over real HTTP: Temporal, vendor, worker. */
export interface WebhookStage {
  /** Of the receiver, with its path. */
  url: string;
  secret: string;
  sandbox: Sandbox;
  client: Client;
  /** What the receiver has said. */
  output(): string;
  /** Runs the packed package's command. */
  docjobs(...args: string[]): Promise<CommandEnd>;
  stopTemporal(): Promise<void>;
  close(): Promise<void>;
}

const JOB_MS = 2_000;
const UP_MS = 60_000;
const COMMAND_MS = 60_000;
const SECRET = `whsec_${Buffer.from('a secret of the check, 32 bytes.').toString('base64')}`;
export const DOCUMENT = fileURLToPath(new URL('../../examples/invoice-packet.pdf', import.meta.url));

/** The first job's event comes as it should, the second's early; in place of the third's comes one that a stranger made of it. */
const FAULTS = [
  { event: 'early', nth: 2 },
  { event: 'forged', nth: 3 },
] as const;

/** Starts it all. @throws Error with the last words of what does not come up. */
export async function createWebhookStage({ folder, path, command }: WebhookExample): Promise<WebhookStage> {
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    const server = await startDevServer({ headless: true, log: console.log });
    closing.push(() => server.stop());
    const sandbox = await createSandbox({ faults: FAULTS });
    closing.push(() => sandbox.close());
    sandbox.durations.set('parse', JOB_MS);
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}${path}`;
    sandbox.webhooks.register({ provider: 'reducto', url: `${url}/reducto`, secrets: [SECRET] });
    const state = join(folder, 'docjobs-state');
    await mkdir(state);
    const at = {
      cwd: folder,
      env: {
        TEMPORAL_ADDRESS: server.address,
        TEMPORAL_NAMESPACE: server.namespace,
        TEMPORAL_CONFIG_FILE: join(state, 'no-temporal.toml'),
        REDUCTO_API_KEY: sandbox.reducto.apiKey,
        REDUCTO_BASE_URL: sandbox.reducto.baseUrl,
        REDUCTO_WEBHOOK_SECRET: SECRET,
        XDG_STATE_HOME: state,
        NEXT_TELEMETRY_DISABLED: '1',
      },
    };
    const bin = join(folder, 'node_modules/.bin/docjobs');
    const receiver = await startService(command(port), at, () => answers(url), UP_MS);
    closing.push(receiver.stop);
    const worker = await startService(
      [bin, 'worker', '--state', state, '--allow', dirname(DOCUMENT)],
      at,
      (said) => said.includes('worker ready'),
      UP_MS,
    );
    closing.push(worker.stop);
    const connection = await Connection.connect({ address: server.address });
    closing.push(() => connection.close());
    return {
      url,
      secret: SECRET,
      sandbox,
      client: new Client({ connection, namespace: server.namespace }),
      output: receiver.output,
      docjobs: (...args) => runCommand([bin, ...args], at, COMMAND_MS),
      stopTemporal: () => server.stop(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).body?.cancel();
    return true;
  } catch {
    return false;
  }
}
