import { randomUUID } from 'node:crypto';
import { isJsonObject } from '../../jobs/json.js';
import type { Operation } from '../../jobs/types.js';
import { createApi } from '../http/api.js';
import { createHttpClient } from '../http/http-client.js';
import { isGone } from '../http/is-gone.js';
import { parseJson, parseWith } from '../http/parse-reply.js';
import { createResultUrls } from '../http/result-urls.js';
import { createUrlGuard } from '../http/url-guard.js';
import type { CallContext, JobBody, JobRead, Provider } from '../provider.js';
import { sourcePolicy } from '../source-url.js';
import { VendorError } from '../vendor-error.js';
import { checkRequest, isReference } from './check.js';
import { pulseFormat } from './content.js';
import { replyError } from './errors.js';
import { expectedMs } from './expected-ms.js';
import { interpret, interpretPointer, usageOf } from './interpret.js';
import { openLargeResult, storageError } from './large-result.js';
import { PULSE_OPERATIONS } from './operations.js';
import { type PulseOptions, resolveOptions } from './options.js';
import { AnyBody, Job, Pointer, Portal } from './schemas.js';
import { snapshotOf, STATUSES } from './statuses.js';
import { submit } from './submit.js';
import type { PulseTypes } from './types.js';

const READ = 'GET /job/{id}';
const GONE = [404, 410];
/** The URL of a large result may be a storage's, too: there the key is nobody's business. */
const RESULT_URL_AUTH = 'own_origin';

/** Pulse (runpulse.com), by its asynchronous jobs. */
export function pulse(options: PulseOptions): Provider<PulseTypes> {
  const resolved = resolveOptions(options);
  const { apiKey, baseUrl, submitTimeoutMs, retentionMs, limits } = resolved;
  const http = createHttpClient(limits, createUrlGuard(resolved));
  const sources = sourcePolicy(baseUrl, resolved.allowPrivateSources);
  const keyHeader = (key: string): Record<string, string> => ({ 'x-api-key': key });
  const api = createApi({ http, baseUrl, apiKey, keyHeader, idsUnder: ['job'], replyError });
  const resultUrls = createResultUrls({
    http,
    baseUrl,
    apiKey,
    keyHeader,
    resultUrlAuth: RESULT_URL_AUTH,
    storageError,
  });

  async function readJob(jobId: string, context: CallContext): Promise<Job | null> {
    const path = `/job/${encodeURIComponent(jobId)}`;
    const { reply, endpoint, error } = await api.call({ method: 'GET', path }, context);
    if (error !== undefined && isGone(GONE, reply, error)) return null;
    if (error !== undefined) throw error;
    return parseWith(Job, parseJson(reply.text, endpoint), endpoint);
  }

  /** Whatever is wrong with it shows when it is asked for: that the job completed is true all the same. */
  function bodyOf(result: unknown, operation: Operation): JobBody {
    if (result === undefined || result === null) return { kind: 'json', load: async () => noResult() };
    if (!isJsonObject(result) || result.is_url !== true) return { kind: 'json', load: async () => result };
    const pointer = Pointer.safeParse(result).data;
    if (pointer === undefined) return { kind: 'json', load: async () => parseWith(Pointer, result, READ) };
    const known = operation === 'parse' ? interpretPointer(pointer) : undefined;
    return {
      kind: 'single_read',
      ...(known === undefined ? {} : { known }),
      open: (context) => openLargeResult(pointer.url, resultUrls, context),
    };
  }

  return {
    name: 'pulse',
    operations: Object.keys(PULSE_OPERATIONS) as Operation[],
    statuses: STATUSES,
    parsedReference: 'extraction_id',
    quota: resolved.quota,
    ...(resolved.webhook === undefined ? {} : { callsBack: () => 'by_job_id' as const }),
    submitTimeoutMs,
    listSettleMs: 0,
    retentionMs: () => retentionMs,
    isReference,
    fileOperations: ['parse'],
    check: (request) => checkRequest(request, sources),
    expectedMs,
    interpret,
    assetFields: { parse: { image_url: 'image' } },
    openAsset: resultUrls.openAsset,

    submit: (request, _marker, context) => submit(api, request, submitTimeoutMs, context),

    async get(jobId, operation, context): Promise<JobRead | null> {
      const job = await readJob(jobId, context);
      if (job === null) return null;
      const snapshot = snapshotOf(job);
      // The figures of a large result may stand on its pointer alone.
      const read = { snapshot, usage: usageOf(AnyBody.safeParse(job.result).data) };
      return snapshot.status === 'completed' ? { ...read, body: bodyOf(job.result, operation) } : read;
    },

    async cancel(jobId, context) {
      const path = `/job/${encodeURIComponent(jobId)}`;
      const { reply, error } = await api.call({ method: 'DELETE', path }, context);
      if (error !== undefined && isGone(GONE, reply, error)) return false;
      // Other refusals (already ended) say nothing certain: the reads that follow tell. A 500 may mean that too, or trouble: it is asked again.
      if (error !== undefined && error.kind !== 'rejected') throw error;
      return true;
    },

    leftovers: {
      // How long results can be read is assumed unless the account's owner says so: no date is promised on an assumption.
      afterMs: options.retentionMs ?? null,
      how:
        "Pulse's API deletes no finished job: delete the extraction in the platform's Extraction Library, or ask Pulse's support; " +
        "the organisation's setting save_extractions decides what is kept of the next ones",
    },

    modelOf: ({ options: fields }) => (typeof fields?.model === 'string' ? fields.model : null),

    async webhookPortal(context) {
      const { reply, endpoint } = await api.succeed({ method: 'POST', path: '/webhook' }, context);
      return parseWith(Portal, parseJson(reply.text, endpoint), endpoint).link;
    },

    /** There is nothing to list: to a key that is good, a job that can't exist is unknown. */
    async probe(context) {
      await readJob(randomUUID(), context);
    },

    close: () => http.close(),
  };
}

/** Static, since whoever reads a stored result has no key. */
pulse.format = pulseFormat;

function noResult(): never {
  const reason = 'the job is completed and has no result';
  throw new VendorError({ kind: 'invalid_reply', endpoint: READ, reason, sent: true, field: 'result' });
}
