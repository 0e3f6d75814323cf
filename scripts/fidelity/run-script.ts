import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Reaction } from './check-lines.js';

/**
 * Runs a Python script of this folder and hands its lines to `read`.
 * @throws Error when the script itself breaks off
 */
export async function runScript(
  python: string,
  script: string,
  env: NodeJS.ProcessEnv,
  read: (line: string) => Reaction,
): Promise<void> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(python, ['-B', path], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  for await (const line of createInterface({ input: child.stdout })) {
    const { show, answer } = read(line);
    if (show !== undefined) console.log(show);
    if (answer !== undefined) child.stdin.write(`${answer}\n`);
  }
  const [code] = await exited;
  if (code !== 0) throw new Error(`${script} broke off with exit code ${code}`);
}
