import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

interface Manifest {
  dependencies: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

it('makes the package.json of an installation: its dependencies and peers at the locked versions, no tools', () => {
  const dir = mkdtempSync(join(tmpdir(), 'docjobs-production-'));
  try {
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(name, join(dir, name));
    execFileSync(process.execPath, [resolve('operations/docker/production-package.mjs')], { cwd: dir });
    const before = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
    const after = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Manifest & Record<string, unknown>;
    const wanted = [...Object.keys(before.dependencies), ...Object.keys(before.peerDependencies ?? {})];
    expect(Object.keys(after.dependencies).sort()).toEqual(
      wanted.filter((name) => name !== '@temporalio/testing').sort(),
    );
    expect(after.dependencies['@temporalio/worker']).toMatch(/^\d+\.\d+\.\d+$/);
    for (const field of ['devDependencies', 'peerDependencies', 'scripts']) expect(after).not.toHaveProperty(field);
    expect(after).toHaveProperty('bin.docjobs');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
