import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRun } from '../examples/run-command.js';
import type { Combination } from './arguments.js';
import { TEMPORAL_PACKAGES, temporalVersion } from './versions.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const INSTALL_MS = 10 * 60_000;
const RUN_MS = 5 * 60_000;

/**
 * Installs the packed package beside these versions in a project of its own, compiles the project, and runs a document through it with this
 * Node. @param cliPath of the Temporal CLI. @returns what the run said. @throws Error with the output of the step that failed.
 */
export async function tryCombination(
  { node, temporal, typescript }: Combination,
  tarball: string,
  cliPath: string,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'matrix-'));
  try {
    const version = temporalVersion(temporal);
    const manifest = {
      name: 'matrix',
      private: true,
      type: 'module',
      dependencies: {
        'temporal-document-jobs': `file:${tarball}`,
        ...Object.fromEntries(TEMPORAL_PACKAGES.map((name) => [name, version])),
      },
      // The package `node` brings the binary of that version.
      devDependencies: { node, typescript, '@types/node': '20' },
    };
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
    await cp(fileURLToPath(new URL('consumer', import.meta.url)), folder, { recursive: true });
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    await mustRun(['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder }, INSTALL_MS);
    // As the project's own scripts would: its Node first, so that the compiler runs on it too.
    const bin = (name: string): string => join(folder, 'node_modules', name);
    await mustRun([bin('node/bin/node'), bin('typescript/bin/tsc')], { cwd: folder }, RUN_MS);
    const env = {
      WANTED_NODE: node,
      WANTED_TEMPORAL: version,
      TEMPORAL_CLI_PATH: cliPath,
      DOCUMENT: join(root, 'examples/invoice-packet.pdf'),
    };
    const output = await mustRun([bin('node/bin/node'), 'main.js'], { cwd: folder, env }, RUN_MS);
    // Temporal's runtime has words of its own.
    return output.split('\n').find((line) => line.startsWith('Node ')) ?? output;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** As strict as any consumer's; its libraries' types are looked at where they are used. */
const compilerOptions = {
  module: 'nodenext',
  target: 'es2022',
  lib: ['es2023', 'esnext.disposable'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: ['node'],
};
