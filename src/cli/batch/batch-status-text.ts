import type { WorkflowExecutionDescription } from '@temporalio/client';
import { batchStatus } from '../../client/batch/batch-status.js';
import type { BatchForecast } from '../../jobs/batch-forecast.js';
import { BATCH_FORECAST_MEMO } from '../../jobs/names.js';
import { ageText } from '../age-text.js';
import type { Session } from '../connect.js';
import { SANDBOX_QUEUE } from '../document-queue.js';
import { batchLabel, type PlaceFlags } from './batch-label.js';
import { batchLines } from './batch-lines.js';
import { troubleText } from './batch-text.js';

/** What `docjobs status` prints of a batch, once. */
export async function batchStatusText(
  { client }: Session,
  { workflowId, status, taskQueue, startTime, closeTime, memo, type }: WorkflowExecutionDescription,
  flags: PlaceFlags & { json?: true },
): Promise<string> {
  const batch = await batchStatus(client, workflowId);
  const word = status.name.toLowerCase();
  if (flags.json) {
    const forecast = (memo?.[BATCH_FORECAST_MEMO] as BatchForecast | undefined) ?? null;
    const times = { startedAt: startTime.toISOString(), endedAt: closeTime?.toISOString() ?? null };
    const facts = { workflowId, type, status: word, ...times, taskQueue, answered: batch !== null, batch, forecast };
    return `${JSON.stringify(facts)}\n`;
  }
  const when = closeTime === undefined ? `for ${ageText(startTime)}` : `${ageText(closeTime)} ago`;
  const headline = `${workflowId} (${type}): ${word} ${when}`;
  if (batch === null)
    return `${headline}\nNothing answers on task queue ${taskQueue}; its documents are not known here.\n`;
  const { command } = batchLabel(workflowId, flags, { sandbox: taskQueue === SANDBOX_QUEUE });
  const trouble = troubleText(batch, command);
  const pace = { perMinute: null, etaMs: null };
  const live = { headline, status: batch, pace, trouble: trouble === null ? [] : [trouble] };
  const now = batch.endedAt === null ? Date.now() : Date.parse(batch.endedAt);
  return batchLines(live, now, Infinity, false)
    .map((line) => `${line}\n`)
    .join('');
}
