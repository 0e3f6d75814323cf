import { readFileSync } from 'node:fs';

/** True while a process with this id runs. One that has died and that nobody has reaped yet (containers) does not run. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    // "PID (NAME) STATE …", where the name may hold anything.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    // No /proc: macOS, whose first process reaps.
    return false;
  }
}
