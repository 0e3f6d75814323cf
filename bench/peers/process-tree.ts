import { readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;
const KB_IN_MB = 1_024;

/** CPU that a process and its children, those that have ended too, used so far, ms; from Linux's /proc. */
export function treeCpuMsOf(pid: number): number {
  const [user, system, endedUser, endedSystem] = timesOf(pid);
  const own = user + system + endedUser + endedSystem;
  const ticks = childrenOf(pid).reduce((sum, child) => {
    const [childUser, childSystem] = timesOf(child);
    return sum + childUser + childSystem;
  }, own);
  return (ticks * 1_000) / TICKS_A_SECOND;
}

/** Memory of a process and its children, what they share counted once, MB. */
export function treeMbOf(pid: number): number {
  const kb = [pid, ...childrenOf(pid)].reduce((sum, each) => sum + kbIn(read(each, 'smaps_rollup'), 'Pss'), 0);
  return Math.round(kb / KB_IN_MB);
}

/** The most memory that a process had resident, MB. */
export const peakMbOf = (pid: number): number => Math.round(kbIn(read(pid, 'status'), 'VmHWM') / KB_IN_MB);

const childrenOf = (pid: number): number[] => read(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);

/** `utime stime cutime cstime` of /proc/PID/stat. */
function timesOf(pid: number): [number, number, number, number] {
  const fields = read(pid, 'stat').split(') ')[1]?.split(' ') ?? [];
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number);
  return [user, system, endedUser, endedSystem];
}

const kbIn = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);

/** @returns nothing for a process that has just ended. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
