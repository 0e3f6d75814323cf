import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { TestWorkflowEnvironment, type DevServerConfig } from '@temporalio/testing';
import { inject } from 'vitest';
import { DIE_WITH_PARENT } from '../../src/local/die-with-parent.js';

/** A time-skipping server of its own: its clock is one for all of its workflows. `teardown()` ends it. */
export async function createTimeSkipping(): Promise<TestWorkflowEnvironment> {
  installQuietRuntime();
  const path = dyingWithThisProcess(inject('testServerPath'));
  return TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } });
}

/** A real dev server, in memory unless given a `dbFilename`. `teardown()` ends it. */
export async function createDevServerEnv(server: Omit<DevServerConfig, 'type'> = {}): Promise<TestWorkflowEnvironment> {
  installQuietRuntime();
  const path = dyingWithThisProcess(inject('cliPath'));
  const quiet = { format: 'json', level: 'error' };
  return TestWorkflowEnvironment.createLocal({
    server: { log: quiet, ...server, executable: { type: 'existing-path', path } },
  });
}

/** Without Core's warnings, which tests of crashes and outages provoke by the dozen. */
function installQuietRuntime(): void {
  try {
    Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR' } } });
  } catch (error) {
    // One runtime a process: an earlier call, or the test file itself, has installed it.
    if (!(error instanceof Error && error.name === 'IllegalStateError')) throw error;
  }
}

const wrappers = new Map<string, string>();

/** The SDK starts the binary itself, from a path, and a test process that crashes would leave it behind. */
function dyingWithThisProcess(binary: string): string {
  const known = wrappers.get(binary);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'document-jobs-server-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'server.sh');
  const quoted = `'${binary.replaceAll("'", `'\\''`)}'`;
  const lines = ['#!/bin/sh', 'exec > /dev/null', `set -- ${process.pid} ${quoted} "$@"`, DIE_WITH_PARENT];
  writeFileSync(path, lines.join('\n'), { mode: 0o755 });
  wrappers.set(binary, path);
  return path;
}
