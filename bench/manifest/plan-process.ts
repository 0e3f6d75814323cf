// Plans one manifest, and tells what that took.
import { MockActivityEnvironment } from '@temporalio/testing';
import { createDocumentActivities, fileStore, reducto } from '../../src/index.js';
import type { PlanBatchOutput } from '../../src/jobs/batch-activities.js';

export interface PlanOrder {
  path: string;
  /** Folder of the result store. */
  store: string;
}
export interface Planned {
  output: PlanBatchOutput;
  seconds: number;
  /** Of resident memory, at its peak. */
  growthMb: number;
  /** How long nothing else could run, at worst. */
  blockMs: number;
}

const { path, store } = JSON.parse(process.argv[2] ?? '') as PlanOrder;
const activities = createDocumentActivities({
  accounts: { reducto: reducto({ apiKey: 'bench' }) },
  results: fileStore(store),
  manifests: [path],
});
const environment = new MockActivityEnvironment({ heartbeatTimeoutMs: 60_000 });
globalThis.gc?.();
const before = process.memoryUsage.rss();
let [peak, blockMs, last] = [before, 0, performance.now()];
const watch = setInterval(() => {
  const now = performance.now();
  [peak, blockMs, last] = [Math.max(peak, process.memoryUsage.rss()), Math.max(blockMs, now - last), now];
}, 20);
const startedAt = performance.now();
const output: PlanBatchOutput = await environment.run(() =>
  activities.planDocumentBatch({
    batchId: 'bench',
    manifest: { kind: 'file', path },
    request: {},
    firstExecutionRunId: 'run',
  }),
);
clearInterval(watch);
const planned: Planned = {
  output,
  seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  growthMb: Math.round((peak - before) / 1e6),
  blockMs: Math.round(blockMs),
};
process.send?.(planned, () => process.exit());
