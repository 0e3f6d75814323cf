import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { dieWithParent } from '../../src/local/die-with-parent.js';
import { withFileLock } from '../../src/local/file-lock.js';
import { freePorts } from '../../src/local/free-ports.js';
import { keepTail, runCommand } from '../../src/local/run-command.js';
import { waitUntil } from './wait-until.js';

// Ministack: of what npm and pip have it alone checks If-None-Match (PUT and multipart) in one step with the write, and checksums, and the
// size of parts. moto checks the condition apart from the write and no checksum, rclone's server ignores the condition.
const VERSION = '1.5.33';
/** Pure Python, all of it (3.11 or later); what the S3 part does not import is left out. */
const WHEELS = `
ministack==${VERSION} --hash=sha256:36f9158cbe7eb7a3f910ccf1c052c98204511164249b783682f7a96ef56b0bba
hypercorn==0.18.0 --hash=sha256:225e268f2c1c2f28f6d8f6db8f40cb8c992963610c5725e13ccfcddccb24b1cd
h11==0.16.0 --hash=sha256:63cf8bbe7522de3bf65932fda1d9c2772064ffb3dae62d55932da54b31cb6c86
h2==4.4.1 --hash=sha256:0e25f1462b23c9cb82d9eb02e28bc706dac2a68cb457c6a0d74d63c8a2a5d0e6
hpack==4.2.0 --hash=sha256:858ac0b02280fa582b5080d68db0899c62a80375e0e5413a74970c5e518b6986
hyperframe==6.1.0 --hash=sha256:b03380493a519fce58ea5af42e4a42317bf9bd425596f7a0835ffce80f1a42e5
priority==2.0.0 --hash=sha256:6f8eefce5f3ad59baf2c080a664037bb4725cd0a790d53d59ab4059288faf6aa
wsproto==1.3.2 --hash=sha256:61eea322cdf56e8cc904bd3ad7573359a242ba65688716b0710a5eb12beab584
defusedxml==0.7.1 --hash=sha256:a352e7e428770286cc899e2542b6cdaedb2b4953ff269a210103ec58f6198a61
`;

export const CREDENTIALS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'canary-secret-access-key' };

export interface S3Server extends AsyncDisposable {
  /** By name: the server reads a numeric host as something else. */
  endpoint: string;
  /** Exists. */
  bucket: string;
  client: S3Client;
}

/** An S3 server of this test's own, in memory, on the loopback interface; it dies with the test process. */
export async function startS3Server(): Promise<S3Server> {
  const [modules, folder] = await Promise.all([installedModules(), mkdtemp(join(tmpdir(), 's3-server-'))]);
  const [port = 0] = await freePorts(1);
  const env = {
    PATH: process.env.PATH,
    TMPDIR: folder,
    HOME: folder,
    PYTHONPATH: modules,
    PYTHONDONTWRITEBYTECODE: '1',
    SERVICES: 's3',
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    LOG_LEVEL: 'ERROR',
  };
  const [command, args] = dieWithParent('python3', ['-m', 'ministack']);
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const said = keepTail(child.stderr);
  const endpoint = `http://localhost:${port}`;
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: CREDENTIALS });
  const bucket = 'results';
  const isUp = (): Promise<boolean> =>
    client.send(new CreateBucketCommand({ Bucket: bucket })).then(
      () => true,
      () => false,
    );
  await waitUntil(async () => child.exitCode !== null || (await isUp()), 'the S3 server is up');
  if (child.exitCode !== null) throw new Error(`the S3 server ended at its start:\n${said()}`);
  return {
    endpoint,
    bucket,
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Fetched once by pip, which knows the user's index, and kept in the cache folder whole or not at all. */
async function installedModules(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'temporal-document-jobs');
  const target = join(cache, `ministack-${VERSION}`);
  await mkdir(cache, { recursive: true });
  return withFileLock(`${target}.lock`, async () => {
    if ((await stat(target).catch(() => null)) !== null) return target;
    const partial = `${target}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    const list = join(partial, 'requirements.txt');
    await writeFile(list, WHEELS);
    const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--retries', '1'];
    const strict = ['--require-hashes', '--no-deps', '--only-binary=:all:', '--no-compile'];
    await runCommand('python3', ['-m', 'pip', 'install', ...quiet, ...strict, '--target', partial, '-r', list], {
      limitMs: 3 * 60_000,
    });
    await rename(partial, target);
    return target;
  });
}
