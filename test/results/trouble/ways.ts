import { spawnSync } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import type { AttemptPlan } from '../kill/attempt-plan.js';
import type { AttemptPlace } from '../kill/run-attempt.js';

/** What makes a folder bad for one attempt; the next one finds it well. */
export interface BadFolder {
  place: Partial<AttemptPlace>;
  plan: Partial<AttemptPlan>;
  heal(): Promise<void>;
}

const shell = (script: string, ...args: string[]): string[] => ['sh', '-c', script, ...args];
const inOwnMounts = (script: string, folder: string): string[] => [
  'unshare',
  '--user',
  '--map-root-user',
  '--mount',
  ...shell(script, folder),
];

/** Whether a file system can be mounted for one process alone. Some systems keep that from their users. */
const canMount = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true']).status === 0;
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const well = async (): Promise<void> => undefined;

/** A file system of 1 MB, that only the attempt sees; where the system forbids it, writes that fail as on a full one. */
export async function fullDisk(root: string): Promise<BadFolder> {
  await mkdir(root);
  const script = 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"';
  if (canMount) return { place: { under: inOwnMounts(script, root) }, plan: {}, heal: well };
  return { place: {}, plan: { isDiskFull: true }, heal: well };
}

/** The system refuses files of more than 1 MiB. */
export async function fileSizeLimit(): Promise<BadFolder> {
  return { place: { under: shell('trap "" XFSZ; ulimit -f 2048; exec "$@"', 'sh') }, plan: {}, heal: well };
}

/** Permissions keep everybody out but root, who is not asked: then the attempt is another user's. */
export async function readOnlyFolder(root: string, tmp: string): Promise<BadFolder> {
  await mkdir(root);
  await chmod(tmp, 0o777);
  await chmod(root, 0o555);
  return { place: isRoot ? { uid: NOBODY } : {}, plan: {}, heal: () => chmod(root, 0o777) };
}
