import type { Operation } from '../../jobs/types.js';
import { readKey } from '../http/api-key.js';
import { createHttpClient, type HttpCall, type HttpReply } from '../http/http-client.js';
import { parseJson, parseWith } from '../http/parse-reply.js';
import type { CallContext, JobRead, Provider } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { checkRequest } from './check.js';
import { isApiError, replyError, storageError } from './errors.js';
import { expectedMs } from './expected-ms.js';
import { findJob } from './find-job.js';
import { interpret, usageOf } from './interpret.js';
import { REDUCTO_OPERATIONS } from './operations.js';
import { type ReductoOptions, resolveOptions } from './options.js';
import { buildRequest } from './requests.js';
import { isAllowedUrl, resolveUrls } from './result-urls.js';
import { Job, JobList, ResultBody, Submitted } from './schemas.js';
import { snapshotOf } from './statuses.js';
import { uploadFile } from './upload.js';

const JSON_BODY = { 'content-type': 'application/json' };
/** The most that the vendor lists at once. */
const LIST_PAGE = 500;
const LIST_TIMEOUT_MS = 10_000;

/** Reducto (reducto.ai), V3 API, by its async endpoints. */
export function reducto(options: ReductoOptions): Provider {
  const { apiKey, baseUrl, model, submitTimeoutMs, listSettleMs, retentionMs, limits } = resolveOptions(options);
  const http = createHttpClient(limits);

  /** One authorized call. @returns the reply whatever its status, and the error that it would be. */
  async function call(
    request: Omit<HttpCall, 'url' | 'endpoint'> & { path: string; reusing?: boolean },
    context: CallContext,
  ): Promise<{ reply: HttpReply; endpoint: string; error: VendorError | undefined }> {
    const { path, reusing = false, ...rest } = request;
    const endpoint = `${request.method} ${path.replace(/\?.*$/, '').replace(/^(\/(?:job|cancel))\/.*/, '$1/{id}')}`;
    const key = await readKey(apiKey, endpoint, context);
    const headers = { authorization: `Bearer ${key}`, ...rest.headers };
    const reply = await http.send({ ...rest, url: `${baseUrl}${path}`, endpoint, headers }, context);
    const failed = reply.status < 200 || reply.status > 299;
    return { reply, endpoint, error: failed ? replyError(endpoint, reply, reusing, [key]) : undefined };
  }

  async function succeed(...args: Parameters<typeof call>): Promise<{ reply: HttpReply; endpoint: string }> {
    const { reply, endpoint, error } = await call(...args);
    if (error !== undefined) throw error;
    return { reply, endpoint };
  }

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

  /** A signed URL is fetched without the key: storage would refuse it, and it is nobody's business there. */
  async function fetchResult(url: string, context: CallContext): Promise<unknown> {
    const endpoint = 'GET result URL';
    if (!isAllowedUrl(url, baseUrl)) {
      throw new VendorError({
        kind: 'invalid_reply',
        endpoint,
        reason: 'the result URL is not https',
        sent: true,
        field: 'result.url',
      });
    }
    const reply = await http.send({ method: 'GET', url, endpoint }, context);
    if (reply.status !== 200) throw storageError(endpoint, reply);
    return parseJson(reply.text, endpoint);
  }

  /** A completed job's body with nothing left behind a URL. @returns null when the job went away meanwhile. */
  async function bodyOf(
    jobId: string,
    operation: Operation,
    job: Job,
    context: CallContext,
  ): Promise<{ result: unknown } | null> {
    const inline = async ({ result }: Job): Promise<{ result: unknown }> => ({
      result: await resolveUrls(result, operation, (url) => fetchResult(url, context)),
    });
    try {
      return await inline(job);
    } catch (error) {
      if (!(error instanceof VendorError) || error.facts.httpStatus !== 403) throw error;
      // The signature has run out since it was made: a fresh read of the job makes a fresh one.
      const fresh = await readJob(jobId, context);
      return fresh === null ? null : inline(fresh);
    }
  }

  return {
    name: 'reducto',
    operations: Object.keys(REDUCTO_OPERATIONS) as Operation[],
    submitTimeoutMs,
    listSettleMs,
    retentionMs,
    expectedMs,
    interpret,
    check: checkRequest,
    isReference: (source) => /^(reducto|jobid|s3):\/\//i.test(source),

    async upload(source, context) {
      const post = async (path: string, body: HttpCall['body'], inner: CallContext): Promise<HttpReply> => {
        const isUpload = typeof body !== 'string';
        const headers = isUpload ? {} : JSON_BODY;
        return (await succeed({ method: 'POST', path, body, headers, isUpload }, inner)).reply;
      };
      return {
        reference: await uploadFile(source, { http, post, isAllowedUrl: (url) => isAllowedUrl(url, baseUrl) }, context),
      };
    },

    async submit(request, marker, context) {
      const { path, body } = buildRequest(request, model, marker);
      const reusing = [request.input].flat().some((input) => /^(reducto|jobid):\/\//i.test(input));
      const { reply, endpoint } = await succeed(
        { method: 'POST', path, headers: JSON_BODY, body: JSON.stringify(body), totalMs: submitTimeoutMs, reusing },
        context,
      );
      return { jobId: parseWith(Submitted, parseJson(reply.text, endpoint), endpoint).job_id };
    },

    async get(jobId, operation, context): Promise<JobRead | null> {
      const job = await readJob(jobId, context);
      if (job === null) return null;
      const snapshot = snapshotOf(job);
      if (snapshot.status !== 'completed') return { snapshot, usage: { pages: job.num_pages ?? null, credits: null } };
      const body = await bodyOf(jobId, operation, job, context);
      if (body === null) return null;
      const { result } = body;
      return { snapshot, result, usage: usageOf(ResultBody.safeParse(result).data?.usage) };
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

    findJob: (marker, operation, since, context) =>
      findJob({
        marker,
        operation,
        since,
        async readPage(cursor) {
          const query = new URLSearchParams({ limit: String(LIST_PAGE), ...(cursor === undefined ? {} : { cursor }) });
          const { reply, endpoint } = await succeed(
            { method: 'GET', path: `/jobs?${query.toString()}`, totalMs: LIST_TIMEOUT_MS },
            context,
          );
          return parseWith(JobList, parseJson(reply.text, endpoint), endpoint);
        },
      }),

    async probe(context) {
      const { reply, endpoint } = await succeed({ method: 'GET', path: '/jobs?limit=1&exclude_configs=true' }, context);
      // A proxy's login page is a success too.
      parseWith(JobList, parseJson(reply.text, endpoint), endpoint);
    },

    close: () => http.close(),
  };
}

/** True when the vendor refuses because it does not know the job. A 404 that is no answer of the API (a proxy's page) says nothing. */
function isGone(codes: readonly number[], reply: HttpReply, error: VendorError): boolean {
  if (!codes.includes(reply.status)) return false;
  if (reply.status === 410 || isApiError(reply.text)) return true;
  throw new VendorError({ ...error.facts, kind: 'server' });
}
