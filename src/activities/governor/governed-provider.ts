import type { CallContext, JobBody, JobRead, Provider } from '../../providers/provider.js';
import { VendorError } from '../../providers/vendor-error.js';
import type { CallOutcome } from './account-governor.js';
import type { Budget } from './governor.js';

/** What a provider's calls pass through. */
export interface Gatekeeper {
  /** One call of a budget: its turn, the call, and what it came to. @throws VendorError `rate_limited` or `unreachable`, not sent, without a turn. */
  pass<T>(budget: Budget, call: CallContext, gate: Gate, work: () => Promise<T>): Promise<T>;
}

/** `wait`: for its turn; `now`: takes it at once, since waiting might lose what is called for; `none`: it has had one. */
export type Gate = 'wait' | 'now' | 'none';

const NO_CALL: CallContext = {};
/** Methods with the place of their call context, and what they are counted under. */
const CALLS = {
  upload: ['fetch', 1],
  get: ['read', 2],
  cancel: ['other', 1],
  findJob: ['list', 1],
  listJobs: ['list', 1],
  openAsset: ['fetch', 1],
  deleteJob: ['other', 1],
  deleteUpload: ['other', 1],
  probe: ['other', 0],
  webhookPortal: ['other', 0],
} as const satisfies Partial<Record<keyof Provider, readonly [Budget, number]>>;

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * The same provider, each call of which is admitted first and counted. A submit is only counted: its attempt has a time limit, so that whoever
 * submits waits for the turn before the POST begins.
 */
export function governedProvider(provider: Provider, gatekeeper: Gatekeeper): Provider {
  const made = new Map<PropertyKey, { of: unknown; governed: unknown }>();
  return new Proxy(provider, {
    get(target, name) {
      const given: unknown = Reflect.get(target, name, target);
      if (typeof given !== 'function') return given;
      const known = made.get(name);
      if (known?.of === given) return known.governed;
      const governed = govern(name, (given as Method).bind(target));
      made.set(name, { of: given, governed });
      return governed;
    },
  });

  function govern(name: PropertyKey, method: Method): Method {
    if (name === 'submit') {
      return (...args) => gatekeeper.pass('submit', contextIn(args, 2), 'none', () => method(...args));
    }
    const [budget, place] = Object.hasOwn(CALLS, name) ? CALLS[name as keyof typeof CALLS] : [];
    if (budget === undefined || place === undefined) return method;
    return async (...args) => {
      const call = contextIn(args, place);
      const gate = call.admitted === true ? 'none' : 'wait';
      const answer = await gatekeeper.pass(budget, call, gate, () => method(...args));
      return name === 'get' ? governedRead(answer as JobRead | null) : answer;
    };
  }

  function governedRead(read: JobRead | null): JobRead | null {
    return read?.body === undefined ? read : { ...read, body: governedBody(read.body) };
  }

  /** A body that came with the read, as one that is loaded may have, is no call; where parts of it are fetched, these lie at a storage. */
  function governedBody(body: JobBody): JobBody {
    switch (body.kind) {
      case 'json':
        return body;
      case 'stream':
        // The vendor's clock runs: before uploads.
        return {
          ...body,
          open: (call) => gatekeeper.pass('fetch', { urgent: true, ...call }, 'wait', () => body.open(call)),
        };
      case 'single_read':
        // Others believe that whoever has claimed it is reading it.
        return { ...body, open: (call) => gatekeeper.pass('fetch', call, 'now', () => body.open(call)) };
    }
  }
}

const contextIn = (args: unknown[], place: number): CallContext => (args[place] as CallContext | undefined) ?? NO_CALL;

/** What a call's error tells of the vendor. */
export function outcomeOf(error: unknown): CallOutcome {
  if (!(error instanceof VendorError)) return 'unsure';
  switch (error.kind) {
    case 'rate_limited':
      return 'limited';
    case 'unreachable':
    case 'server':
      return 'failed';
    case 'auth':
    case 'rejected':
    case 'reference_expired':
      return 'answered';
    default:
      // A vendor's words that can't be understood may be somebody else's.
      return 'unsure';
  }
}
