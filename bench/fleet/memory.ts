import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import type { SubmitOutput } from '../../src/jobs/activities.js';
import { bareCreator } from '../bare-workflow.js';
import type { BenchResult } from '../bench-result.js';
import { bundle } from '../environment.js';
import { runUntilAsleep } from './asleep.js';
import { documentUrl } from './fleet.js';

/** What a first workflow loads for all that follow is not theirs. */
const FIRST = 100;
const WORKFLOWS = 500;
const JOB_MS = 600_000;
/** What must hold: of ours, beyond the minimum without the package, kB. */
const MAX_SHARE = 80;

const ACCEPTED: SubmitOutput = {
  outcome: 'accepted',
  jobId: '00000000-0000-4000-8000-000000000000',
  adopted: false,
  posts: 1,
  expectedMs: JOB_MS,
  at: '2026-01-01T00:00:00.000Z',
};

/** What a workflow that sleeps in the worker's cache keeps of the JavaScript heap; the SDK's native part comes on top. `npm run build` first. */
export async function memory(): Promise<BenchResult> {
  const [minimum, packaged] = [await bundle('./fleet/minimum.ts'), await bundle('./fleet/packaged.ts')];
  const least = [{ expectedMs: JOB_MS }];
  const alone = await kilobytesOf(minimum, 'minimum', least, 'job');
  const beside = await kilobytesOf(packaged, 'minimum', least, 'job');
  const ours = await kilobytesOf(packaged, 'parse', [], ACCEPTED);
  const share = ours - alone;
  return {
    rows: [
      { workflow: 'hand-written minimum, alone', 'kB of heap': round(alone) },
      { workflow: 'the same beside the package', 'kB of heap': round(beside) },
      { workflow: 'ours', 'kB of heap': round(ours) },
    ],
    notes: [
      `asleep after the submit; the growth from ${FIRST} to ${WORKFLOWS} workflows, after garbage collection`,
      'a good part is stack traces: the SDK keeps one of every promise that is awaited',
    ],
    broken: share > MAX_SHARE ? [`our share of a workflow is ${round(share)} kB, more than ${MAX_SHARE}`] : [],
  };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function kilobytesOf(bundlePath: string, type: string, more: unknown[], answer: unknown): Promise<number> {
  const creator = await bareCreator(await readFile(bundlePath, 'utf8'));
  const asleep: Workflow[] = [];
  const heapAt = async (count: number): Promise<number> => {
    while (asleep.length < count) {
      const n = asleep.length;
      asleep.push(await runUntilAsleep(creator, type, [documentUrl(n), ...more], n, answer));
    }
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = await heapAt(FIRST);
  const after = await heapAt(WORKFLOWS);
  for (const workflow of asleep) await workflow.dispose();
  await creator.destroy();
  return (after - before) / (WORKFLOWS - FIRST) / 1_000;
}

const round = (value: number): number => Math.round(value * 10) / 10;
