// npm run sbom: prints the bill of materials of the package and what it depends on, as CycloneDX, in the versions that package-lock.json names.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRun } from '../examples/run-command.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LIMIT_MS = 5 * 60_000;

const temporary = mkdtempSync(join(tmpdir(), 'sbom-'));
try {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string } & Record<
    string,
    unknown
  >;
  // `npm sbom --omit dev` also leaves out what a development tool has in common with the package: hence a project without such tools. Peers
  // are the user's own. npm names the root after its folder.
  const {
    devDependencies: _tools,
    peerDependencies: _peers,
    peerDependenciesMeta: _about,
    scripts: _scripts,
    ...rest
  } = manifest;
  const folder = join(temporary, manifest.name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(rest));
  cpSync(join(root, 'package-lock.json'), join(folder, 'package-lock.json'));
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await mustRun(['npm', 'install', ...quick], { cwd: folder }, LIMIT_MS);
  const file = 'sbom.cdx.json';
  const command = `npm sbom --sbom-format cyclonedx --sbom-type library > ${file}`;
  await mustRun(['sh', '-c', command], { cwd: folder }, LIMIT_MS);
  process.stdout.write(readFileSync(join(folder, file), 'utf8'));
} finally {
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
