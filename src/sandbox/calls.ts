import type { Context, MiddlewareHandler } from 'hono';
import type { Operation } from '../jobs/types.js';
import { answerInstead, answerWith, dropConnection } from './act-out.js';
import type { SandboxCore, SandboxEnv } from './core.js';
import type { CallAct, CallKind } from './fault-rules.js';
import type { RateLimits } from './limits.js';

interface Vendor {
  /** Null for what belongs to no vendor. */
  provider: string | null;
  /** Its 429, by which limit was met. */
  rateLimited(limit: keyof RateLimits): Response;
}

/** Makes the middleware of a route: it counts the call in the ledger and plays the fault script on it. */
export type CountCall = (
  kind: CallKind,
  operationOf?: Operation | ((c: Context<SandboxEnv>) => Operation | null),
) => MiddlewareHandler<SandboxEnv>;

/** The middleware of a route that wants a key: refused calls are counted, and faults come before the key is looked at. */
export type GuardedCall = (
  ...args: Parameters<CountCall>
) => [MiddlewareHandler<SandboxEnv>, MiddlewareHandler<SandboxEnv>];

export function countCalls({ ledger, faults, limits, clock, closing }: SandboxCore, vendor: Vendor): CountCall {
  return (kind, operationOf) => async (c, next) => {
    const operation = typeof operationOf === 'function' ? operationOf(c) : (operationOf ?? null);
    const at = await clock.now();
    ledger.called(kind);
    const call = { on: kind, provider: vendor.provider, operation };
    await faults.held(call);
    // What stands before the vendor refuses first: the script counts the calls that get past it.
    const limit = vendor.provider === null ? null : limits.exceeded(vendor.provider, kind, at);
    const act = limit === null ? faults.forCall(call) : null;
    const scriptedLimit = kind === 'get' ? 'readsPerSecond' : 'requestsPerSecond';
    const instead =
      limit === null ? answerInstead(act, c, () => vendor.rateLimited(scriptedLimit)) : vendor.rateLimited(limit);
    let status: number | null;
    if (instead) {
      status = act === 'drop-before-accept' ? null : instead.status;
    } else {
      await next();
      status = act === 'drop-after-accept' ? null : c.res.status;
    }
    if (kind === 'submit' && vendor.provider !== null && operation !== null) {
      const jobId = c.get('jobId') ?? null;
      ledger.submitted({ provider: vendor.provider, operation, at, status: statusOf(act) ?? status, jobId });
    }
    if (instead) return instead;
    if (act === 'drop-after-accept') return replace(c, dropConnection(c));
    if (act !== null) return replace(c, await answerWith(act, c, closing));
    return;
  };
}

const statusOf = (act: CallAct | null): number | null =>
  typeof act === 'object' && act && 'status' in act ? act.status : null;

/** Hono merges the headers of a response that is set over another; the fault's must stand alone. */
function replace(c: Context<SandboxEnv>, response: Response): void {
  c.res = undefined;
  c.res = response;
}
