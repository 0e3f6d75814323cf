import { vi } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { runCli } from '../cli/run-cli.js';

/** Both streams of one command. */
export interface Said {
  command: string;
  text: string;
}

/** As a process, for commands that have a runtime of their own. */
export async function say(args: readonly string[], env: Record<string, string>): Promise<Said> {
  const { stdout, stderr, code } = await runCli(args, env);
  return { command: args.slice(0, 1).join(), text: `${stdout}\n${stderr}\nexit ${code}` };
}

/** In this process, for commands that only ask. */
export async function sayHere(args: readonly string[], env: Record<string, string>): Promise<Said> {
  let text = '';
  const listen = (chunk: unknown): boolean => {
    text += String(chunk);
    return true;
  };
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(listen),
  );
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const { exitCode } = process;
  try {
    await createProgram().parseAsync([...args], { from: 'user' });
  } catch (error) {
    text += String(error instanceof Error ? error.message : error);
  } finally {
    vi.unstubAllEnvs();
    for (const stream of streams) stream.mockRestore();
    process.exitCode = exitCode;
  }
  return { command: args.slice(0, 1).join(), text };
}
