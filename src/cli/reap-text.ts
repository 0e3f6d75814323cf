import type { ReapReport } from '../jobs/reap.js';
import { table } from './table.js';

/** A sweep's report for people: the orphans, and what was looked at. */
export function reapText(report: ReapReport): string {
  const { orphans, notListed, workflows, suspects, owned, young, unresolved, notes, sweptFrom, sweptUntil } = report;
  const rows = orphans.map((one) => [
    one.jobId,
    `${one.provider} ${one.operation}`,
    one.outcome === 'running' ? 'runs (dry run)' : one.outcome,
    one.foundIn,
    one.workflowId,
    one.reason ?? '',
  ]);
  const head = ['job', 'what', 'now', 'found in', 'workflow', ''];
  const more = notListed > 0 ? `  and ${notListed} more\n` : '';
  const found = rows.length === 0 ? 'No orphaned jobs.\n' : `${table([head, ...rows])}${more}`;
  const looked =
    `${workflows} closed workflows (${sweptFrom} to ${sweptUntil}) and the vendors' lists: ` +
    `${suspects} jobs asked about, ${owned} in use, ${young} too young.\n`;
  const advice =
    unresolved > 0 ? `${unresolved} could not be told to stop: run it again when the vendor answers.\n` : '';
  return [found, looked, advice, ...notes.map((note) => `note: ${note}\n`)].join('');
}
