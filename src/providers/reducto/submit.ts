import type { OperationRequest } from '../../jobs/activities.js';
import type { JsonObject } from '../../jobs/json.js';
import type { Operation } from '../../jobs/types.js';
import { type Api, type ApiCall, type ApiReply, JSON_BODY } from '../http/api.js';
import { ask } from '../http/ask.js';
import { isApiError } from '../http/error-body.js';
import { parseJson, parseWith } from '../http/parse-reply.js';
import type { CallContext, SubmitContext, SubmitStamp, SubmittedJob } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import type { AcceptedJobs } from './accepted-jobs.js';
import { namedPassword, withPassword } from './document-password.js';
import { type ReductoOperation, SYNC_CLASSIFY_PATH } from './operations.js';
import type { ResolvedReductoOptions } from './options.js';
import { buildRequest, type ReductoRequest } from './requests.js';
import { Submitted } from './schemas.js';
import { hasWebhook, webhookSecrets, withWebhook } from './webhooks.js';

export interface SubmitDeps {
  api: Api;
  options: Pick<ResolvedReductoOptions, 'model' | 'secrets' | 'submitTimeoutMs' | 'webhook'>;
  /** A finished classify with nothing left behind a URL. */
  resolve: (body: unknown, context: CallContext) => Promise<unknown>;
  /** Told of every job that was accepted. */
  accepted: AcceptedJobs;
}

export interface Submits {
  submit: (request: OperationRequest, stamp: SubmitStamp, context: SubmitContext) => Promise<SubmittedJob>;
  /** True when jobs of the operation carry no marker, as far as is known by now. */
  areUnmarked: (operation: Operation) => boolean;
  /** Whether the account's webhook goes with a request. */
  callsFor: (request: OperationRequest) => boolean;
}

/** A synchronous classify answers when it is done. The vendor cuts off its synchronous calls after 15 minutes. */
const SYNC_TIMEOUT_MS = 10 * 60_000;
const SECRET_PATIENCE_MS = 10_000;

/** The submits of one account. */
export function createSubmits({ api, options, resolve, accepted }: SubmitDeps): Submits {
  const { model, secrets, submitTimeoutMs } = options;
  /** Older deployments of the vendor have no `/classify_async`. */
  let asyncClassifyIsAbsent = false;

  /** The body with the password in it that it names. @throws VendorError before anything is sent. */
  async function filledIn({ path, body }: ReductoRequest, operation: ReductoOperation, context: CallContext) {
    const name = namedPassword(body, operation);
    if (name === undefined) return { body, hidden: [] };
    const endpoint = `POST ${path}`;
    const question = { option: 'secrets', gives: 'secret', endpoint, patienceMs: SECRET_PATIENCE_MS };
    const value: unknown = secrets && (await ask(() => secrets(name), question, context));
    if (typeof value === 'string' && value !== '')
      return { body: withPassword(body, operation, value), hidden: [value] };
    const reason = `document_password names the secret "${name}", which the account's secrets do not have`;
    throw new VendorError({ kind: 'rejected', endpoint, reason, sent: false });
  }

  /** Its job carries no marker: the endpoint takes no metadata. */
  async function classifySynchronously(
    { async: _, ...body }: JsonObject,
    call: Partial<ApiCall>,
    context: CallContext,
  ) {
    const limits = { totalMs: SYNC_TIMEOUT_MS, headersMs: SYNC_TIMEOUT_MS };
    try {
      const sent = { ...call, ...limits, path: SYNC_CLASSIFY_PATH, body: JSON.stringify(body) };
      const { reply, endpoint } = await api.succeed(post(sent), context);
      asyncClassifyIsAbsent = true;
      const finished = parseJson(reply.text, endpoint);
      return { jobId: parseWith(Submitted, finished, endpoint).job_id, finished };
    } catch (error) {
      throw error instanceof VendorError && mayHaveMadeAJob(error) ? unmarked(error) : error;
    }
  }

  const areUnmarked = (operation: Operation): boolean => operation === 'classify' && asyncClassifyIsAbsent;
  const callsFor = ({ operation, options: own = {} }: OperationRequest): boolean =>
    options.webhook !== undefined && !hasWebhook(own) && !areUnmarked(operation);

  return {
    areUnmarked,
    callsFor,

    async submit(request, stamp, context) {
      const operation = request.operation as ReductoOperation;
      const { path, body: asked } = buildRequest(request, model, stamp);
      const built = {
        path,
        body: withWebhook(asked, context.webhook === true && callsFor(request) ? options.webhook : undefined),
      };
      const { body, hidden } = await filledIn(built, operation, context);
      const reusing = [request.input].flat().some((input) => /^(reducto|jobid):\/\//i.test(input));
      const common = { reusing, secrets: [...hidden, ...webhookSecrets(built.body)] };
      if (operation !== 'classify' || !asyncClassifyIsAbsent) {
        const sent = { ...common, path: built.path, body: JSON.stringify(body), totalMs: submitTimeoutMs };
        const { reply, endpoint, error } = await api.call(post(sent), context);
        if (error === undefined) {
          const { job_id: jobId } = parseWith(Submitted, parseJson(reply.text, endpoint), endpoint);
          accepted.add(jobId, stamp.marker, built.body);
          return { jobId };
        }
        if (operation !== 'classify' || !mayBeNoEndpoint(reply)) throw error;
        // With a name of its own it may be the document that is not there: then the synchronous endpoint says so too.
        if (error.facts.code === undefined) asyncClassifyIsAbsent = true;
      }
      const { jobId, finished } = await classifySynchronously(body, common, context);
      try {
        return { jobId, body: await resolve(finished, context) };
      } catch (error) {
        // The job is made and paid: its result can be read like any other.
        if (error instanceof VendorError) return { jobId };
        throw error;
      }
    },
  };
}

const post = (call: Omit<ApiCall, 'method' | 'headers'>): ApiCall => ({ ...call, method: 'POST', headers: JSON_BODY });

/** A page of something in between is no word of the vendor's. */
const mayBeNoEndpoint = ({ status, text }: ApiReply['reply']): boolean =>
  (status === 404 || status === 405) && (text.trim() === '' || isApiError(text));

const mayHaveMadeAJob = ({ kind, facts }: VendorError): boolean =>
  facts.sent && (kind === 'unreachable' || kind === 'server' || kind === 'invalid_reply');

const unmarked = ({ facts }: VendorError): VendorError => new VendorError({ ...facts, unmarked: true });
