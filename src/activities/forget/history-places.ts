import type { Footprint } from '../../histories/footprint.js';
import type { ForgottenPlace } from '../../jobs/forget.js';

export interface HistoryKeeping {
  namespace: string;
  /** How long a closed workflow's history is kept, ms; null when nobody knows. */
  retentionMs: number | null;
}

/**
 * A row for each run: what stands in a history (ids, options, extracted values where they travel inline) goes when the server's retention is
 * over, or by who may delete workflows.
 */
export function historyPlaces(
  { workflowId, runs }: Pick<Footprint, 'workflowId' | 'runs'>,
  { namespace, retentionMs }: HistoryKeeping,
): ForgottenPlace[] {
  return runs.map(({ runId, closedAt }) => {
    const how = ['temporal workflow delete', `--workflow-id ${word(workflowId)}`, `--run-id ${runId}`];
    const row = { place: 'history', id: runId, how: [...how, `--namespace ${word(namespace)}`].join(' ') } as const;
    if (closedAt === null || retentionMs === null) return { ...row, state: 'cannot' };
    return { ...row, state: 'expires', at: new Date(Date.parse(closedAt) + retentionMs).toISOString() };
  });
}

/** A row for jobs that nobody can name, if there may be such. */
export function unknownJobs({
  workflowId,
  unknownSubmits,
}: Pick<Footprint, 'workflowId' | 'unknownSubmits'>): ForgottenPlace[] {
  if (unknownSubmits === 0) return [];
  const how = `${unknownSubmits} submits got no reply that names a job: look for what they may have made in the vendor's console`;
  return [{ place: 'unknown_job', id: workflowId, state: 'cannot', how }];
}

/** One word of a shell's. */
const word = (text: string): string => (/^[\w./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** What the report can't see, and who reads it should know. */
export function notesOn({ unended, children, runs }: Pick<Footprint, 'unended' | 'children' | 'runs'>): string[] {
  const notes: string[] = [];
  if (unended > 0) {
    notes.push(
      `${unended} activities had not ended when their workflow did: a worker may still be at them and leave something; forget again in 15 minutes`,
    );
  }
  if (children.length > 0) {
    const named = children.slice(0, NAMED).join(', ');
    const more = children.length > NAMED ? ` and ${children.length - NAMED} more` : '';
    notes.push(
      `child workflows have histories, jobs and results of their own, forget them by their ids: ${named}${more}`,
    );
  }
  if (runs.length > 1) notes.push(`the id had ${runs.length} runs: what each left was looked for`);
  return notes;
}

const NAMED = 20;
