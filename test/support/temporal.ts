import { DefaultLogger, Runtime } from '@temporalio/worker';
import { TestWorkflowEnvironment, type DevServerConfig } from '@temporalio/testing';
import { inject } from 'vitest';

/** A time-skipping server of its own: its clock is one for all of its workflows. `teardown()` ends it. */
export async function createTimeSkipping(): Promise<TestWorkflowEnvironment> {
  installQuietRuntime();
  const path = inject('testServerPath');
  return TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } });
}

/** A real dev server, in memory unless given a `dbFilename`. `teardown()` ends it. */
export async function createDevServerEnv(server: Omit<DevServerConfig, 'type'> = {}): Promise<TestWorkflowEnvironment> {
  installQuietRuntime();
  const path = inject('cliPath');
  const quiet = { format: 'json', level: 'error' };
  return TestWorkflowEnvironment.createLocal({
    server: { log: quiet, ...server, executable: { type: 'existing-path', path } },
  });
}

/** Without Core's warnings, which tests of crashes and outages provoke by the dozen. */
export function installQuietRuntime(): void {
  try {
    Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR' } } });
  } catch (error) {
    // One runtime a process: an earlier call, or the test file itself, has installed it.
    if (!(error instanceof Error && error.name === 'IllegalStateError')) throw error;
  }
}
