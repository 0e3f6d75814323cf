import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { DIE_WITH_PARENT } from '../../src/local/die-with-parent.js';
import { findTemporalBinary } from '../../src/local/temporal-binary.js';
import type { LaneFiles } from './lane.js';

const WORKFLOWS = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));

/** What the tests get from their global set-up, for a run without them. */
export async function makeLaneFiles(): Promise<LaneFiles & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'model-'));
  const [binary, { code }] = await Promise.all([
    findTemporalBinary('test-server'),
    bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger: new DefaultLogger('ERROR') }),
  ]);
  const bundlePath = join(folder, 'workflows.js');
  const testServerPath = join(folder, 'test-server.sh');
  // A run that is killed must not leave its servers behind.
  const quoted = `'${binary.replaceAll("'", `'\\''`)}'`;
  const lines = ['#!/bin/sh', 'exec > /dev/null', `set -- $PPID ${quoted} "$@"`, DIE_WITH_PARENT];
  await writeFile(bundlePath, code);
  await writeFile(testServerPath, lines.join('\n'), { mode: 0o755 });
  return {
    bundlePath,
    testServerPath,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
