import { redriveBatch, startBatch } from '../../src/client/index.js';
import { numberIn } from '../fleet/fleet.js';
import { ended, recordOf, runBatch, watchBatch } from './run-batch.js';
import { numbered, openStage, paidTwiceOf } from './stage.js';
import type { Part } from './steering.js';

const LIMIT_MS = 3 * 3_600_000;
/** One document in so many fails at first. */
const FAIL_EVERY = 20;
const PACE = { window: 200, startsPerSecond: 40 };

/** A batch of which one document in twenty fails, these done again, and then the same manifest once more in two ways. */
export async function redrive(documents: number): Promise<Part> {
  await using stage = await openStage({ vendor: { jobMs: 2_500, spread: 0.2, failEvery: FAIL_EVERY } });
  const manifest = await stage.manifest('manifest', numbered(documents));
  const toFail = Math.ceil(documents / FAIL_EVERY);
  const input = { manifest, ...PACE };
  const first = await runBatch(stage, input, { limitMs: LIMIT_MS });
  const before = await stage.vendor();

  const again = await redriveBatch(stage.client, first.batchId, { states: ['failed'] });
  const second = await watchBatch(stage, again.workflowId, { limitMs: LIMIT_MS });
  const after = await stage.vendor();
  const touched = after.ends.slice(before.ends.length).map(([url]) => numberIn(url));
  const wrong = touched.filter((n) => n % FAIL_EVERY !== 0).length;
  const rows = await recordOf(stage, first.batchId);
  const done = rows.filter(({ state }) => state === 'done').length;

  const joined = await startBatch(stage.client, input, { taskQueue: stage.taskQueue });
  const once = await runBatch(stage, input, { workflowId: 'the-same-again', limitMs: LIMIT_MS });
  const last = await stage.vendor();
  const newJobs = last.ends.length - after.ends.length;
  const promises: [boolean, string][] = [
    [first.ended.failed === toFail && ended(first) === documents, `${first.ended.failed} failed, not ${toFail}`],
    [second.documents === toFail, `the re-drive took ${second.documents} documents, not ${toFail}`],
    [touched.length === toFail && wrong === 0, `it touched ${touched.length} documents, ${wrong} of them wrong`],
    [paidTwiceOf(after) === toFail, `${paidTwiceOf(after)} documents were paid twice, not ${toFail}`],
    [done === documents && rows.length === documents, `${done} of ${rows.length} rows are done, not ${documents}`],
    [joined.existing === 'completed', `the same manifest is ${joined.existing}, not completed`],
    [once.reused === documents && newJobs === 0, `the same in another batch: ${once.reused} reused, ${newJobs} jobs`],
  ];
  const figures: [string, number][] = [
    ['documents', documents],
    ['failed at first', first.ended.failed],
    ['documents of the re-drive', second.documents ?? 0],
    ['jobs of the re-drive', touched.length],
    ['jobs of the re-drive for other documents', wrong],
    ['done in the end', done],
    ['jobs when the same manifest came twice more', newJobs],
  ];
  return {
    rows: figures.map(([figure, value]) => ({ part: 're-drive', figure, value })),
    broken: promises.filter(([holds]) => !holds).map(([, words]) => `re-drive: ${words}`),
  };
}
