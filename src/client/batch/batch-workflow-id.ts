import type { ProcessBatchInput } from '../../jobs/batch.js';
import { DEFAULT_PROVIDER } from '../../providers/types.js';
import { canonicalJson, sha256Of } from '../canonical-json.js';

/**
 * The default workflow id of a batch: a hash of what would be paid for. The same documents asked the same for the same account are one batch, which
 * is paid once. Window, pace, budget and deadlines are left out: they change neither the work nor its price.
 * @param identity of the manifest, see {@link manifestIdentity}.
 */
export function batchWorkflowId(identity: string, { request = {}, force }: ProcessBatchInput): string {
  const provider = request.provider ?? DEFAULT_PROVIDER;
  const { account = provider, schema, sections, extractPerSection, pages, options, copyAssets } = request;
  const asked = { schema, sections, extractPerSection, pages, options, ...(copyAssets === true ? { copyAssets } : {}) };
  return `batch-${sha256Of(canonicalJson({ identity, provider, account, force, ...asked })).slice(0, 32)}`;
}

/** The batch whose record a workflow writes: its own id without the re-drive. */
export const batchIdOf = (workflowId: string): string => workflowId.replace(/\/redrive-\d+$/, '');

/** @param ordinal from 1. */
export const redriveWorkflowId = (batchId: string, ordinal: number): string => `${batchId}/redrive-${ordinal}`;
