import { readWhole } from '../../json-stream/index.js';
import { isJsonObject } from '../../jobs/json.js';
import type { AssetKind, Operation } from '../../jobs/types.js';
import type { HttpStream } from '../http/http-client.js';
import { parseJson } from '../http/parse-reply.js';
import type { ResultUrls } from '../http/result-urls.js';
import type { CallContext, JobBody } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { resolveUrls } from './result-urls.js';
import { type Job, UrlResult } from './schemas.js';
import { bodyOfUrlParse } from './url-parse.js';

const ENDPOINT = 'GET result URL';

/** Files beside a result, wherever in it they are named. An extract's fields are the user's own. */
export const ASSET_FIELDS: Partial<Record<Operation, Record<string, AssetKind>>> = {
  parse: { image_url: 'image', page_image_url: 'image', chart_data: 'chart', pdf_url: 'pdf' },
  edit: { document_url: 'document' },
};

export interface FinishedBodies {
  of(jobId: string, operation: Operation, job: Job): JobBody;
  /** A body that came otherwise, with nothing left behind a URL but files. */
  resolve(body: unknown, operation: Operation, context: CallContext): Promise<unknown>;
}

/** The bodies of completed jobs, which may lie behind signed URLs in part. */
export function createFinishedBodies(
  resultUrls: ResultUrls,
  readJob: (jobId: string, context: CallContext) => Promise<Job | null>,
): FinishedBodies {
  const open = (url: string, context: CallContext): Promise<HttpStream> =>
    resultUrls.open({ url, endpoint: ENDPOINT, namedBy: 'result.url' }, context);

  async function fetchJson(url: string, context: CallContext): Promise<unknown> {
    const bytes = await readWhole((await open(url, context)).bytes);
    return parseJson(Buffer.from(bytes).toString('utf8'), ENDPOINT);
  }

  const resolve: FinishedBodies['resolve'] = (body, operation, context) =>
    resolveUrls(body, operation, (url) => fetchJson(url, context));

  async function openParse({ result }: Job, context: CallContext): Promise<AsyncIterable<Uint8Array>> {
    const url = parseUrlOf(result);
    if (url === null || !isJsonObject(result)) return onePiece(result);
    return bodyOfUrlParse(result, (await open(url, context)).bytes);
  }

  return {
    resolve,
    of(jobId, operation, job) {
      /** A signature that has run out since it was made is made anew by a fresh read of the job. */
      async function withFreshUrls<T>(read: (job: Job) => Promise<T>, context: CallContext): Promise<T> {
        try {
          return await read(job);
        } catch (error) {
          if (!(error instanceof VendorError) || error.facts.httpStatus !== 403) throw error;
          const fresh = await readJob(jobId, context);
          if (fresh === null) throw error;
          return read(fresh);
        }
      }
      const isStream = operation === 'parse' && parseUrlOf(job.result) !== null;
      return isStream
        ? { kind: 'stream', open: (context) => withFreshUrls((one) => openParse(one, context), context) }
        : { kind: 'json', load: (context) => withFreshUrls((one) => resolve(one.result, operation, context), context) };
    },
  };
}

/** @returns null for a parse that came whole. */
function parseUrlOf(body: unknown): string | null {
  return isJsonObject(body) ? (UrlResult.safeParse(body.result).data?.url ?? null) : null;
}

async function* onePiece(body: unknown): AsyncGenerator<Uint8Array> {
  yield Buffer.from(JSON.stringify(body));
}
