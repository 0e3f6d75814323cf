import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { UrlGuard } from '../../providers/http/url-guard.js';
import { VENDOR_NAMES } from '../vendors.js';
import type { HeaderFamily } from './announcement.js';
import { newSecret } from './sign-event.js';

const secret = z.string().regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, 'expected whsec_ and Base64');

/** What a person enters in the vendor's portal, which has no API. */
export const newEndpoint = z.strictObject({
  provider: z.enum(VENDOR_NAMES),
  url: z.string(),
  /** Messages are signed with each, as while a secret is being changed. Default one new one. */
  secrets: z.array(secret).min(1).optional(),
  /** Names of the headers. Default the vendor's. */
  headers: z.enum(['svix', 'webhook', 'both']).optional(),
  /** Only events of these channels. Default all. */
  channels: z.array(z.string()).optional(),
});
export type NewEndpoint = z.infer<typeof newEndpoint>;

export interface Endpoint {
  id: string;
  provider: NewEndpoint['provider'];
  url: string;
  secrets: readonly string[];
  headers: readonly HeaderFamily[] | null;
  /** Null for all. */
  channels: readonly string[] | null;
}

export interface Endpoints {
  /** @throws Error of one line for what is wrong with it, or when nothing is sent to its host. */
  add(endpoint: NewEndpoint): Endpoint;
  remove(id: string): boolean;
  all(): Endpoint[];
  /** Those that get a vendor's events. @param channels of the event; none = of all. */
  of(provider: string, channels: readonly string[]): Endpoint[];
}

export function createEndpoints(guard: UrlGuard): Endpoints {
  const endpoints = new Map<string, Endpoint>();
  return {
    add(given) {
      const { provider, url, secrets = [newSecret()], headers, channels = [] } = checked(given);
      const refusal = guard.refusal(url);
      if (refusal !== null) throw new Error(`webhook endpoint url: ${refusal}`);
      const families = headers === 'both' ? (['svix', 'webhook'] as const) : headers === undefined ? null : [headers];
      const wanted = channels.length === 0 ? null : channels;
      const endpoint: Endpoint = {
        id: `ep_${randomUUID()}`,
        provider,
        url,
        secrets,
        headers: families,
        channels: wanted,
      };
      endpoints.set(endpoint.id, endpoint);
      return endpoint;
    },
    remove: (id) => endpoints.delete(id),
    all: () => [...endpoints.values()],
    of: (provider, channels) =>
      [...endpoints.values()].filter(
        (one) =>
          one.provider === provider &&
          (one.channels === null ||
            channels.length === 0 ||
            channels.some((channel) => one.channels?.includes(channel))),
      ),
  };
}

function checked(given: unknown): NewEndpoint {
  const result = newEndpoint.safeParse(given);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`webhook endpoint ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong shape'}`);
}
