import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { unreachableError } from './cli-error.js';
import { withFileLock } from '../local/file-lock.js';
import { serverEnv } from '../local/server-env.js';
import { ENTRY } from './entry.js';
import { sandboxFile } from './state-dir.js';

/** A sandbox that runs as a process of its own, as its announcement file describes it. */
export interface SandboxProcess {
  pid: number;
  /** `http://127.0.0.1:PORT`. */
  url: string;
  key: string;
  speed: number;
}

const START_LIMIT_MS = 15_000;

/**
 * The sandbox of a state folder: adopted when it lives, else started. It is a process of its own because its jobs are in its memory:
 * they must outlive a command that is killed. It ends by itself after idle time.
 */
export async function ensureSandbox(stateDir: string, { speed = 1 }: { speed?: number } = {}): Promise<SandboxProcess> {
  const living = await livingSandbox(stateDir);
  if (living !== null) return living;
  await mkdir(stateDir, { recursive: true });
  // Another command may have started it while this one waited.
  return withFileLock(
    `${sandboxFile(stateDir)}.lock`,
    async () => (await livingSandbox(stateDir)) ?? startSandbox(stateDir, speed),
  );
}

/** @returns null when the folder's sandbox has ended or never was. */
export async function livingSandbox(stateDir: string): Promise<SandboxProcess | null> {
  try {
    const sandbox = JSON.parse(await readFile(sandboxFile(stateDir), 'utf8')) as SandboxProcess;
    process.kill(sandbox.pid, 0);
    // The pid may be another program's by now: only the sandbox answers there.
    const answer = await fetch(`${sandbox.url}/_sandbox/health`, { signal: AbortSignal.timeout(3_000) });
    await answer.body?.cancel();
    return answer.ok ? sandbox : null;
  } catch {
    return null;
  }
}

async function startSandbox(stateDir: string, speed: number): Promise<SandboxProcess> {
  const file = sandboxFile(stateDir);
  await rm(file, { force: true });
  const argv = [ENTRY, 'sandbox', '--port', '0', '--speed', String(speed), '--announce', file, '--idle', '30m'];
  const child = spawn(process.execPath, argv, { cwd: stateDir, detached: true, env: serverEnv(), stdio: 'ignore' });
  let ended = false;
  child.once('exit', () => (ended = true));
  child.unref();
  for (const until = Date.now() + START_LIMIT_MS; Date.now() < until && !ended; await delay(50)) {
    const living = await livingSandbox(stateDir);
    if (living !== null) return living;
  }
  throw unreachableError('the sandbox could not be started; "docjobs sandbox" shows why');
}
