// Compiles src/ to dist/ from scratch, so that a file deleted in src/ never lingers in the package.
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buildImportingOnce } from './import-once.mjs';

rmSync('dist', { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

// Temporal's bundler neither minifies nor drops what is unused, and evaluates the result anew for every cold workflow: the workflow
// entry goes out as one small file. Exported names, which are workflow types, are kept.
for (const file of readdirSync('dist/workflows', { recursive: true }))
  if (/\.js(\.map)?$/.test(file)) rmSync(`dist/workflows/${file}`);
await buildImportingOnce({
  entryPoints: ['src/workflows/index.ts'],
  outfile: 'dist/workflows/index.js',
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  minify: true,
  charset: 'utf8',
  sourcemap: true,
  logLevel: 'warning',
});
chmodSync('dist/cli/main.js', 0o755);
