import { Context } from '@temporalio/activity';
import type { BatchDrive } from '../../batch/record/batch-drives.js';
import { batchKeys, COMPACT } from '../../batch/record/batch-keys.js';
import { segmentKey } from '../../batch/record/batch-rows.js';
import { compactChunk, placeRows, putDriveEnd, putRows } from '../../batch/record/write-segment.js';
import type { BatchActivities } from '../../jobs/batch-activities.js';
import { documentFailure } from '../../results/document-failure.js';
import type { ResultStore } from '../../results/result-store.js';
import type { ActivityDeps } from '../activity-deps.js';
import { troubleFailure } from '../failures.js';
import { startHeart } from '../heart.js';
import { BATCH } from './about-batch.js';
import { batchFailure } from './batch-failures.js';
import type { KnownDrives } from './known-drives.js';

/**
 * `recordDocumentBatch`: writes rows down for good, and puts every hundred segments together into one object. The rows come first: whatever fails
 * behind them, the next attempt goes on where this one ended.
 */
export function createRecord(deps: ActivityDeps, drives: KnownDrives): BatchActivities['recordDocumentBatch'] {
  const { results, clock } = deps;
  return async ({ batchId, drive: number, segment: wanted, rows, last, again }) => {
    const context = Context.current();
    const heart = startHeart(context, clock, () => ({ segment: wanted }));
    try {
      const drive = await drives.of(batchId, number);
      if (wanted < drive.segments) {
        const reason = `segment ${wanted} is the planner's: the first free one is ${drive.segments}. Write that one`;
        throw documentFailure('DocumentInputInvalid', reason, { ...BATCH, field: 'segment', reason });
      }
      const segment = again === true ? await placeRows(results, drive, wanted, rows) : wanted;
      if (again !== true) await putRows(results, segmentKey(batchKeys(batchId), drive, segment), rows);
      if (last === true) await endDrive(results, drive, segment + 1, new Date(await clock.now()).toISOString());
      else if ((segment + 1) % COMPACT === 0) await compactSoFar(results, drive, segment);
      return { segment };
    } catch (error) {
      throw batchFailure(error, BATCH, context.info.attempt);
    } finally {
      heart.stop();
    }
  };
}

/** Segments may be written side by side: one that comes late keeps its chunk open until the next one is full. */
async function compactSoFar(results: ResultStore, drive: BatchDrive, segment: number): Promise<void> {
  const chunk = Math.floor(segment / COMPACT);
  for (const one of [chunk - 1, chunk]) if (one >= 0) await compactChunk(results, drive, one, segment + 1);
}

async function endDrive(results: ResultStore, drive: BatchDrive, segments: number, endedAt: string): Promise<void> {
  await putDriveEnd(results, drive, { schemaVersion: 1, segments, endedAt });
  for (let chunk = 0; chunk * COMPACT < segments; chunk++) {
    if (await compactChunk(results, drive, chunk, segments)) continue;
    throw troubleFailure(`a segment of chunk ${chunk} is still to be written`, BATCH);
  }
}
