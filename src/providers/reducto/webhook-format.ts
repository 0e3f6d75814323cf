import { isJsonObject, type JsonValue } from '../../jobs/json.js';
import type { JobOwner } from '../../jobs/types.js';
import type { WebhookFormat } from '../webhook-format.js';
import { STATUSES } from './statuses.js';

/** The same body in both modes, without an envelope: `{ status, job_id, metadata }`, the metadata being what the submit sent. */
export const reductoWebhooks: WebhookFormat = {
  name: 'reducto',
  direct: true,
  read({ job_id: jobId, status: word, metadata }) {
    if (jobId === undefined) return null;
    const key = typeof word === 'string' ? word.toLowerCase() : '';
    const status = Object.hasOwn(STATUSES, key) ? STATUSES[key] : undefined;
    const owner = ownerIn(metadata);
    return { jobId, ...(status === undefined ? {} : { status }), ...(owner === undefined ? {} : { owner }) };
  },
};

/** The stamp that our submit left in the metadata. Read by hand: the receiver does without a schema library. */
function ownerIn(metadata: JsonValue | undefined): JobOwner | undefined {
  const stamp = isJsonObject(metadata) ? metadata.documentJobs : undefined;
  const owner = isJsonObject(stamp) ? stamp.owner : undefined;
  if (!isJsonObject(owner)) return undefined;
  const { namespaceId, workflowId, firstExecutionRunId } = owner;
  return isId(namespaceId) && isId(workflowId) && isId(firstExecutionRunId)
    ? { namespaceId, workflowId, firstExecutionRunId }
    : undefined;
}

/** Temporal takes no longer ones. */
const isId = (value: JsonValue | undefined): value is string =>
  typeof value === 'string' && value !== '' && value.length <= 1_000;
