import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker';
import { findTemporalBinary } from '../src/local/temporal-binary.js';

/** Bundles a file of workflows. @param file relative to this folder. @returns the path of the bundle. */
export async function bundle(file: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    logger: new DefaultLogger('ERROR'),
    workflowsPath: fileURLToPath(new URL(file, import.meta.url)),
  });
  const path = join(await mkdtemp(join(tmpdir(), 'bench-')), 'workflows.js');
  await writeFile(path, code);
  return path;
}

/** A Temporal server for `@temporalio/testing`. */
export const existing = async (kind: 'cli' | 'test-server') =>
  ({ type: 'existing-path', path: await findTemporalBinary(kind) }) as const;

/** Without Core's warnings and below; once a process. */
export function quietRuntime(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
}
