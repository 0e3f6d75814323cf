import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { temporal } from '@temporalio/proto';
import { installQuietRuntime } from '../support/temporal.js';
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkerOptions } from '@temporalio/worker';

/** Histories of every release: workflows that began under it must go on under this code. */
const HISTORIES = readdirSync('test/histories', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replaceAll('\\', '/'));

const replay = (workflows: Pick<WorkerOptions, 'workflowBundle'>, file: string): Promise<void> =>
  Worker.runReplayHistory(
    { ...workflows, replayName: file.replace(/\W/g, '-') },
    temporal.api.history.v1.History.fromObject(
      JSON.parse(readFileSync(join('test/histories', file), 'utf8')) as Record<string, unknown>,
    ),
  );

// Each replay brings a worker of its own, which has much to say.
installQuietRuntime();

describe('histories of earlier releases', () => {
  it('there are some of both vendors', () => {
    for (const vendor of ['reducto', 'pulse']) {
      expect(HISTORIES.filter((file) => file.includes(`/${vendor}-`)).length).toBeGreaterThanOrEqual(10);
    }
  });

  it.each(HISTORIES)('%s is replayed', async (file) => {
    await replay({ workflowBundle: { codePath: inject('bundlePath') } }, file);
  });

  it('are not replayed by a workflow whose commands come in another order', async () => {
    const folder = await mkdtemp('test/.mutated-');
    try {
      const path = resolve(folder, 'workflows.ts');
      const entry = resolve('src/workflows/index.js');
      await writeFile(
        path,
        `import { sleep } from '@temporalio/workflow';
        import { processDocument as ours } from '${entry}';
        export async function processDocument(input: Parameters<typeof ours>[0]) {
          await sleep(1);
          return ours(input);
        }`,
      );
      const workflowBundle = await bundleWorkflowCode({ workflowsPath: path, logger: new DefaultLogger('ERROR') });
      await expect(replay({ workflowBundle }, HISTORIES[0] ?? '')).rejects.toThrow(/Nondeterminism/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
