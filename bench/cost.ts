import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { BenchResult } from './bench-result.js';
import { type CostCase, measureCost } from './cost-scenario.js';
import { bundle, existing, quietRuntime } from './environment.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What one parse job costs to wait for: ours beside the plain loop, on the same server in the same run. */
export async function cost(): Promise<BenchResult> {
  quietRuntime();
  const bundlePath = await bundle('./naive-workflow.ts');
  const skipping = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: await existing('test-server') },
  });
  const real = await TestWorkflowEnvironment.createLocal({ server: { executable: await existing('cli') } });
  const cases: [string, string, CostCase][] = [
    ['ours', 'right', { workflow: 'parseOnly', jobMs: 45 * SECOND, expectedMs: 45 * SECOND, realTime: true }],
    ['plain loop', '–', { workflow: 'naiveParse', jobMs: 45 * SECOND, realTime: true }],
    ['ours', 'right', { workflow: 'parseOnly', jobMs: 45 * SECOND, expectedMs: 45 * SECOND }],
    ['ours', 'none', { workflow: 'parseOnly', jobMs: 45 * SECOND }],
    ['ours', '5 × too short', { workflow: 'parseOnly', jobMs: 45 * SECOND, expectedMs: 9 * SECOND }],
    ['ours', '5 × too long', { workflow: 'parseOnly', jobMs: 45 * SECOND, expectedMs: 225 * SECOND }],
    ['plain loop', '–', { workflow: 'naiveParse', jobMs: 45 * SECOND }],
    ['ours', 'right', { workflow: 'parseOnly', jobMs: 30 * MINUTE, expectedMs: 30 * MINUTE }],
    ['ours', 'none', { workflow: 'parseOnly', jobMs: 30 * MINUTE }],
    ['ours', '5 × too short', { workflow: 'parseOnly', jobMs: 30 * MINUTE, expectedMs: 6 * MINUTE }],
    ['ours', '5 × too long', { workflow: 'parseOnly', jobMs: 30 * MINUTE, expectedMs: 150 * MINUTE }],
    ['plain loop', '–', { workflow: 'naiveParse', jobMs: 30 * MINUTE }],
  ];
  const rows: unknown[] = [];
  for (const [how, estimate, wanted] of cases) {
    console.error(
      `${how}, a job of ${wanted.jobMs / SECOND} s, estimate ${estimate}${wanted.realTime ? ', in real time' : ''} …`,
    );
    const figures = await measureCost(wanted.realTime ? real : skipping, bundlePath, wanted);
    rows.push({
      how,
      job: `${wanted.jobMs / SECOND} s`,
      estimate,
      time: wanted.realTime ? 'real' : 'simulated',
      events: figures.events,
      actions: figures.actions + figures.heartbeats,
      'of which heartbeats': figures.heartbeats,
      'vendor reads': figures.reads,
    });
  }
  await Promise.all([skipping.teardown(), real.teardown()]);
  return { rows };
}
