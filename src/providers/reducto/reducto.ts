import type { Operation } from '../../jobs/types.js';
import { createApi, JSON_BODY } from '../http/api.js';
import { isApiError } from '../http/error-body.js';
import { createHttpClient, type HttpCall, type HttpReply } from '../http/http-client.js';
import { isGone } from '../http/is-gone.js';
import { parseJson, parseWith } from '../http/parse-reply.js';
import { createResultUrls } from '../http/result-urls.js';
import { unlessAborted } from '../http/unless-aborted.js';
import { createUrlGuard } from '../http/url-guard.js';
import type { CallContext, JobRead, ListQuery, Provider } from '../provider.js';
import { sourcePolicy } from '../source-url.js';
import type { VendorError } from '../vendor-error.js';
import { createAcceptedJobs } from './accepted-jobs.js';
import { checkRequest } from './check.js';
import { reductoFormat } from './content.js';
import { replyError, storageError } from './errors.js';
import { expectedMs } from './expected-ms.js';
import { findJob } from './find-job.js';
import { ASSET_FIELDS, createFinishedBodies } from './finished-body.js';
import { interpret, usageOf } from './interpret.js';
import { LIST_PAGE, listedJobs, listPath } from './list-jobs.js';
import { REDUCTO_OPERATIONS } from './operations.js';
import { type ReductoOptions, resolveOptions } from './options.js';
import { buildRequest, modelOf } from './requests.js';
import { retentionOf } from './retention.js';
import { Job, JobList, PortalUrl, ResultBody } from './schemas.js';
import { snapshotOf, STATUSES } from './statuses.js';
import { createSubmits } from './submit.js';
import { createSweeps } from './sweep-jobs.js';
import type { ReductoTypes } from './types.js';
import { uploadFile } from './upload.js';

const LIST_TIMEOUT_MS = 10_000;
/** Storage would refuse a signed URL that comes with a key, and the key is nobody's business there. */
const RESULT_URL_AUTH = 'never';

/** Reducto (reducto.ai), V3 API, by its async endpoints. */
export function reducto(options: ReductoOptions): Provider<ReductoTypes> {
  const resolved = resolveOptions(options);
  const { apiKey, baseUrl, model, secrets, submitTimeoutMs, listSettleMs, listShows, limits } = resolved;
  const http = createHttpClient(limits, createUrlGuard(resolved));
  const sources = sourcePolicy(baseUrl, resolved.allowPrivateSources);
  const keyHeader = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
  const api = createApi({ http, baseUrl, apiKey, keyHeader, idsUnder: ['job', 'cancel', 'upload'], replyError });
  const { call, succeed } = api;
  const resultUrls = createResultUrls({
    http,
    baseUrl,
    apiKey,
    keyHeader,
    resultUrlAuth: RESULT_URL_AUTH,
    storageError,
  });
  const bodies = createFinishedBodies(resultUrls, readJob);
  const accepted = createAcceptedJobs();
  const submits = createSubmits({
    api,
    accepted,
    options: resolved,
    resolve: (body, context) => bodies.resolve(body, 'classify', context),
  });

  async function readJob(jobId: string, context: CallContext): Promise<Job | null> {
    const { reply, endpoint, error } = await call(
      { method: 'GET', path: `/job/${encodeURIComponent(jobId)}` },
      context,
    );
    if (error?.facts.code === 'JOB_CANCELLED') return { status: 'Cancelled' };
    // 409 says that the job is being deleted: as good as gone.
    if (error !== undefined && isGone([404, 409, 410], reply, error)) return null;
    if (error !== undefined) throw error;
    return parseWith(Job, parseJson(reply.text, endpoint), endpoint);
  }

  async function readList(query: ListQuery, context: CallContext): Promise<JobList> {
    const path = listPath(query);
    const { reply, endpoint } = await succeed({ method: 'GET', path, totalMs: LIST_TIMEOUT_MS }, context);
    return parseWith(JobList, parseJson(reply.text, endpoint), endpoint);
  }

  const sweep = createSweeps((cursor) =>
    readList({ limit: LIST_PAGE, ...(cursor === undefined ? {} : { cursor }) }, {}),
  );

  return {
    name: 'reducto',
    operations: Object.keys(REDUCTO_OPERATIONS) as Operation[],
    statuses: STATUSES,
    parsedReference: 'jobid://…',
    quota: resolved.quota,
    callsBack: (request) => (submits.callsFor(request) ? 'with_owner' : undefined),
    submitTimeoutMs,
    listSettleMs,
    retentionMs: (request) => retentionOf(request, resolved),
    expectedMs,
    interpret,
    assetFields: ASSET_FIELDS,
    openAsset: resultUrls.openAsset,
    check: (request) => checkRequest(request, { hasSecrets: secrets !== undefined, sources }),
    isReference: (source) => /^(reducto|jobid|s3):\/\//i.test(source),

    async upload(source, context) {
      const post = async (path: string, body: HttpCall['body'], inner: CallContext): Promise<HttpReply> => {
        const isUpload = typeof body !== 'string';
        const headers = isUpload ? {} : JSON_BODY;
        return (await succeed({ method: 'POST', path, body, headers, isUpload }, inner)).reply;
      };
      return { reference: await uploadFile(source, { http, post }, context) };
    },

    submit: submits.submit,
    modelOf: (request) => modelOf(request, model),

    async get(jobId, operation, context): Promise<JobRead | null> {
      const job = await readJob(jobId, context);
      if (job === null) return null;
      const snapshot = snapshotOf(job);
      const paid = usageOf(ResultBody.safeParse(job.result).data?.usage);
      const read = { snapshot, usage: { ...paid, pages: paid.pages ?? job.num_pages ?? null } };
      if (snapshot.status !== 'completed') return read;
      return { ...read, body: bodies.of(jobId, operation, job) };
    },

    async cancel(jobId, context) {
      const { reply, error } = await call(
        { method: 'POST', path: `/cancel/${encodeURIComponent(jobId)}`, headers: JSON_BODY },
        context,
      );
      if (error !== undefined && isGone([404, 410], reply, error)) return false;
      // Other refusals say nothing certain (already finished, already cancelled): the reads that follow tell.
      if (error !== undefined && error.kind !== 'rejected') throw error;
      return true;
    },

    async findJob(wanted, { signal }) {
      const { request, markers, since } = wanted;
      if (submits.areUnmarked(request.operation)) return 'unsupported';
      const { body } = buildRequest(request, model, { marker: markers[0] });
      // Others wait for the same sweep: it is not this call's to abort.
      const swept = await unlessAborted(sweep(Date.parse(since)), signal);
      return findJob({ wanted, body, sweep: swept, listShows, accepted });
    },

    listJobs: async (query, context) => listedJobs(await readList(query, context)),

    async deleteJob(jobId, context) {
      // What was kept for ever goes too: who deletes a result does not mean one of its copies.
      const path = `/job/${encodeURIComponent(jobId)}?include_persisted=true`;
      const { reply, error } = await call({ method: 'DELETE', path }, context);
      if (error === undefined) return true;
      if (isGone([404, 410], reply, error)) return false;
      if (isBeingDeleted(reply, error)) return true;
      throw error;
    },

    async deleteUpload(reference, context) {
      const id = /^reducto:\/\/(.+)$/i.exec(reference)?.[1];
      if (id === undefined) return false;
      const path = (given: string): string => `/upload/${encodeURIComponent(given)}`;
      // Which form the vendor takes is not documented; a whole reference may not even get past what stands before it.
      const whole = await call({ method: 'DELETE', path: path(reference) }, context);
      if (whole.error === undefined) return true;
      if (whole.reply.status !== 404) throw whole.error;
      const { reply, error } = await call({ method: 'DELETE', path: path(id) }, context);
      if (error === undefined) return true;
      if (isGone([404, 410], reply, error)) return false;
      throw error;
    },

    async webhookPortal(context) {
      const call = { method: 'POST', path: '/configure_webhook', headers: JSON_BODY } as const;
      const { reply, endpoint } = await succeed(call, context);
      return parseWith(PortalUrl, parseJson(reply.text, endpoint), endpoint);
    },

    async probe(context) {
      // A proxy's login page is a success too: the list must be one.
      await readList({ limit: 1, excludeConfigs: true }, context);
    },

    close: () => http.close(),
  };
}

/** Static, since whoever reads a stored result has no key. */
reducto.format = reductoFormat;

/** A job that is in another state than deletion asks for may be refused with the same code. */
const isBeingDeleted = (reply: HttpReply, { facts }: VendorError): boolean =>
  reply.status === 409 &&
  isApiError(reply.text) &&
  (facts.code ?? 'JOB_DELETION_IN_PROGRESS') === 'JOB_DELETION_IN_PROGRESS';
