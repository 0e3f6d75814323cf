import type { OperationRequest } from '../../jobs/activities.js';
import { isJsonObject } from '../../jobs/json.js';
import { type Api, JSON_BODY } from '../http/api.js';
import { FileForm } from '../http/file-form.js';
import { parseJson, parseWith } from '../http/parse-reply.js';
import type { DocumentFile, SubmitContext, SubmittedJob } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { PULSE_OPERATIONS, type PulseOperation } from './operations.js';
import { buildBody, formFields } from './requests.js';
import { Acknowledged } from './schemas.js';

/** One POST. The vendor takes no text of ours that it would show again, so that there is no place for a marker. */
export async function submit(
  api: Api,
  request: OperationRequest,
  timeoutMs: number,
  { file, signal }: SubmitContext,
): Promise<SubmittedJob> {
  const operation = request.operation as PulseOperation;
  const path = PULSE_OPERATIONS[operation];
  const takesDocument = operation === 'parse' || operation === 'pipeline';
  if (takesDocument && file === undefined && !/^https?:\/\//i.test(String(request.input))) {
    const reason = 'the document is neither a URL nor a file of the worker';
    throw new VendorError({ kind: 'rejected', endpoint: `POST ${path}`, reason, sent: false });
  }
  // No shorter limit to the headers: the job of a reply that was not waited for can't be looked for.
  const limits = { totalMs: timeoutMs, headersMs: timeoutMs };
  const form = file === undefined ? undefined : await opened(file, request, `POST ${path}`);
  const sent = form === undefined ? { body: JSON.stringify(buildBody(request)), headers: JSON_BODY } : { body: form };
  const { reply, endpoint } = await api
    .succeed(
      { method: 'POST', path, ...sent, ...limits, reusing: !takesDocument },
      signal === undefined ? {} : { signal },
    )
    .finally(() => form?.close());
  return submittedJob(operation, parseJson(reply.text, endpoint), endpoint);
}

async function opened(file: DocumentFile, request: OperationRequest, endpoint: string): Promise<FileForm> {
  try {
    return await FileForm.open(file, formFields(request));
  } catch {
    // Said as what it is: after any other error a job would be suspected, which the vendor gives no way to look for.
    const reason = 'the file could not be opened';
    throw new VendorError({ kind: 'unreachable', endpoint, reason, sent: false });
  }
}

/** Where a finished body has its content: a job's acknowledgement has none of these. */
const CONTENT: Record<PulseOperation, readonly string[]> = {
  parse: ['markdown'],
  extract: ['schema_output', 'results'],
  split: ['split_output'],
  tables: ['tables_output'],
  pipeline: ['results'],
};

/** A job is asked for; should the vendor answer with the result all the same, it is kept if it names its job. */
function submittedJob(operation: PulseOperation, body: unknown, endpoint: string): SubmittedJob {
  const { job_id, tables_id } = parseWith(Acknowledged, body, endpoint);
  const isFinished = isJsonObject(body) && CONTENT[operation].some((field) => (body[field] ?? null) !== null);
  // `tables_id` is the job's id in an acknowledgement, and the tables' own in a result.
  const jobId = job_id ?? (isFinished ? null : tables_id);
  if (jobId != null) return isFinished ? { jobId, body } : { jobId };
  const reason = isFinished ? 'the reply is a result without a job_id' : 'the reply has no job_id';
  throw new VendorError({ kind: 'invalid_reply', endpoint, reason, sent: true, field: 'job_id' });
}
