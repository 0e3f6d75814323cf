import { rememberSecrets } from '../known-secrets.js';
import type { CallContext } from '../provider.js';
import type { VendorError } from '../vendor-error.js';
import { type ApiKey, readKey } from './api-key.js';
import type { HttpCall, HttpClient, HttpReply } from './http-client.js';

export const JSON_BODY = { 'content-type': 'application/json' };

export interface ApiCall extends Omit<HttpCall, 'url' | 'endpoint'> {
  /** Path and query. */
  path: string;
  /** The request names something that the vendor keeps from an earlier one. */
  reusing?: boolean;
  /** What the request holds that no error may repeat. The key is never repeated. */
  secrets?: readonly string[];
}

export interface ApiReply {
  reply: HttpReply;
  endpoint: string;
}

/** A vendor's API with the account's key. */
export interface Api {
  /** One authorized call. @returns the reply whatever its status, and the error that it would be. */
  call: (request: ApiCall, context: CallContext) => Promise<ApiReply & { error: VendorError | undefined }>;
  /** @throws VendorError for anything but a success. */
  succeed: (request: ApiCall, context: CallContext) => Promise<ApiReply>;
}

/** The error for a reply that is no success. */
export type ReplyError = (
  endpoint: string,
  reply: HttpReply,
  reusing: boolean,
  secrets: readonly string[],
) => VendorError;

export interface ApiAccess {
  http: HttpClient;
  baseUrl: string;
  apiKey: ApiKey;
  /** The header that carries the key. */
  keyHeader: (key: string) => Record<string, string>;
  /** First parts of the paths whose second part is an id, which messages leave out. */
  idsUnder: readonly string[];
  replyError: ReplyError;
}

export function createApi({ http, baseUrl, apiKey, keyHeader, idsUnder, replyError }: ApiAccess): Api {
  const withId = new RegExp(`^(/(?:${idsUnder.join('|')}))/.*`);
  const call: Api['call'] = async ({ path, reusing = false, secrets = [], ...request }, context) => {
    const endpoint = `${request.method} ${path.replace(/\?.*$/, '').replace(withId, '$1/{id}')}`;
    const key = await readKey(apiKey, endpoint, context);
    const unsaid = hidden([key, ...secrets]);
    rememberSecrets(unsaid);
    const headers = { ...keyHeader(key), ...request.headers };
    const reply = await http.send({ ...request, url: `${baseUrl}${path}`, endpoint, headers }, context);
    const failed = reply.status < 200 || reply.status > 299;
    const error = failed ? replyError(endpoint, reply, reusing, unsaid) : undefined;
    return { reply, endpoint, error };
  };
  return {
    call,
    async succeed(request, context) {
      const { reply, endpoint, error } = await call(request, context);
      if (error !== undefined) throw error;
      return { reply, endpoint };
    },
  };
}

/** As they are and as JSON has them, the longest first: what is left of one must not show another. */
function hidden(secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}
