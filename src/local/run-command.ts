import { spawn } from 'node:child_process';

export interface CommandOptions {
  /** The command and all that it started are killed after this, ms. */
  limitMs: number;
  cwd?: string;
}

/**
 * Runs a command to its end in a process group of its own, so that nothing it started outlives its limit.
 * @throws Error with one line: the last that it wrote to stderr, or why it could not be run.
 */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const stderr = keepTail(child.stderr);
    const timer = setTimeout(() => {
      killGroup(child.pid);
      reject(new Error(`not done after ${options.limitMs / 1000} s`));
    }, options.limitMs);
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new Error(error.code === 'ENOENT' ? `${command} is not installed` : error.message));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else reject(new Error(lastLine(stderr()) ?? `${command} ended with ${signal ?? `code ${code}`}`));
    });
  });
}

/** Keeps the last 8 kB of a stream, for the error message. */
export function keepTail(stream: NodeJS.ReadableStream): () => string {
  let tail = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => (tail = (tail + chunk).slice(-8192)));
  return () => tail;
}

/** @returns null when there is no line but empty ones. */
export function lastLine(text: string): string | null {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.findLast((line) => line !== '') ?? null;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
