import { createRequire } from 'node:module';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.js';
import type { TemporalBinaryKind } from './temporal-wheels.js';

/**
 * The SDK only downloads on the way to starting a server, can't be interrupted, and waits for ever in a network that swallows
 * packets: it does so in a process of its own, which can be killed.
 */
const SCRIPT = `
const [testing, kind, downloadDir] = process.argv.slice(1);
const { TestWorkflowEnvironment } = require(testing);
const server = { executable: { type: 'cached-download', downloadDir } };
const start = kind === 'cli' ? 'createLocal' : 'createTimeSkipping';
TestWorkflowEnvironment[start]({ server }).then((env) => env.teardown()).then(() => process.exit(0), (error) => {
  // The cause comes last, after the request's URL, more than once.
  console.error(error.message.split('): ').pop());
  process.exit(1);
});
`;

/**
 * Downloads a binary as `@temporalio/testing` does, into an empty folder.
 * @returns the binary's path. @throws Error with one line.
 */
export async function downloadWithSdk(kind: TemporalBinaryKind, dir: string, limitMs: number): Promise<string> {
  let testing: string;
  try {
    testing = createRequire(import.meta.url).resolve('@temporalio/testing');
  } catch {
    throw new Error('@temporalio/testing is not installed');
  }
  await runCommand(process.execPath, ['-e', SCRIPT, testing, kind, dir], { limitMs });
  const [binary] = await readdir(dir);
  if (binary === undefined) throw new Error('it left no file');
  return join(dir, binary);
}
