import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { writeAtomically } from './state-dir.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles our workflows once for a state folder: a command starts its worker in a fraction of the time. The file is named after
 * what it was made from, code and SDK, so that an upgrade makes a new one.
 * @returns the bundle's path.
 */
export async function workflowBundle(stateDir: string): Promise<string> {
  const path = join(stateDir, `workflows-${await fingerprint()}.js`);
  if ((await stat(path).catch(() => null)) !== null) return path;
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(ROOT, 'workflows/index.js'),
    logger: new DefaultLogger('ERROR'),
  });
  await mkdir(stateDir, { recursive: true });
  await writeAtomically(path, code);
  await removeOthers(stateDir, path);
  return path;
}

/** Bundles of earlier versions; a worker that runs has read its own. */
async function removeOthers(stateDir: string, path: string): Promise<void> {
  const names = (await readdir(stateDir)).filter((name) => /^workflows-[0-9a-f]{16}\.js$/.test(name));
  const others = names.map((name) => join(stateDir, name)).filter((other) => other !== path);
  await Promise.all(others.map((other) => rm(other, { force: true })));
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const require = createRequire(import.meta.url);
  for (const name of ['worker', 'workflow', 'common']) {
    hash.update(await readFile(require.resolve(`@temporalio/${name}/package.json`)));
  }
  for (const folder of ['workflows', 'jobs']) {
    const files = (await readdir(join(ROOT, folder), { recursive: true })).filter((file) => file.endsWith('.js'));
    for (const file of files.sort()) hash.update(file).update(await readFile(join(ROOT, folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
