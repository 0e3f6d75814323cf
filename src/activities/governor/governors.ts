import { Context } from '@temporalio/activity';
import type { AccountRef } from '../../jobs/activities.js';
import type { CallContext, Provider } from '../../providers/provider.js';
import type { Quota } from '../../providers/quota.js';
import { VendorError } from '../../providers/vendor-error.js';
import type { Accounts } from '../account.js';
import { recordAdmissionWait, recordBreaker, recordVendorCall } from '../metrics.js';
import { type AccountGovernor, type CallOutcome, createAccountGovernor } from './account-governor.js';
import type { Fleet } from './fleet.js';
import { governedProvider, outcomeOf, type Gatekeeper } from './governed-provider.js';
import type { Admission, Budget, Governor, Governors } from './governor.js';
import { type Down, refusal } from './refusal.js';
import type { Pace } from './turns.js';

export interface AccountGovernors extends Governors {
  /** What a call of a budget that got no turn is told. */
  refusal(account: AccountRef, budget: Budget, waitMs: number): VendorError;
  /** The same accounts, whose providers' calls pass through their governors. */
  governed(accounts: Accounts): Accounts;
}

export interface GovernorsOptions {
  pace: Pace;
  fleet: Fleet;
  /** ms since the epoch. */
  now: () => Promise<number>;
}

interface Kept {
  account: AccountRef;
  governor: AccountGovernor;
  provider: Provider;
  down: Down | null;
  /** Whose meter shows the present outage. */
  gauge: Context | null;
}

/** How long a read may wait for its turn before its worker has something better to do, ms. */
const PATIENCE_MS = 5_000;
/** What is to be brought home or sent off can't be put off so easily. */
const FETCH_PATIENCE_MS = 60_000;
const PROBE_LIMIT_MS = 20_000;
/** A shorter wait is none. */
const LEAST_WAIT_MS = 1;
const NEVER = new AbortController().signal;

/** One governor an account, for as long as the worker lives. */
export function createGovernors({ pace, fleet, now }: GovernorsOptions): AccountGovernors {
  const kept = new Map<string, Kept>();
  const governed = new WeakMap<Provider, Map<string, Provider>>();
  const nameOf = ({ provider, account }: AccountRef): string => `${provider}/${account}`;

  function keep(account: AccountRef, provider: Provider): Kept {
    const name = nameOf(account);
    const known = kept.get(name);
    if (known !== undefined) {
      // A function may give the account anew each time, with another quota.
      if (known.provider !== provider) known.governor.setQuota(provider.quota);
      known.provider = provider;
      return known;
    }
    const made: Kept = {
      account: { provider: account.provider, account: account.account },
      provider,
      down: null,
      gauge: null,
      governor: createAccountGovernor({
        quota: provider.quota,
        pace,
        fleetSize: () => fleet.size(name),
        probe: () => probe(made.provider),
        onOutage: (begun, since) => void outage(made, begun, since),
      }),
    };
    kept.set(name, made);
    return made;
  }

  async function outage(of: Kept, begun: boolean, since: number): Promise<void> {
    const context = currentContext();
    // An activity's meter tags by its type: the gauge must go down where it went up.
    const gauge = begun ? context : of.gauge;
    of.gauge = begun ? context : null;
    of.down = begun ? { sinceMs: (await now()) - ((await pace.now()) - since) } : null;
    if (gauge !== null) recordBreaker(gauge, of.account, begun);
    if (context === null) return;
    const { provider, account } = of.account;
    if (begun) context.log.warn(`${provider} does not answer: calls of account "${account}" wait`, of.account);
    else context.log.info(`${provider} answers again: calls of account "${account}" go on`, of.account);
  }

  function gatekeeperOf(account: AccountRef): Gatekeeper {
    return {
      async pass(budget, call, gate, work) {
        const own = kept.get(nameOf(account)) as Kept;
        const context = currentContext();
        if (gate === 'now') await own.governor.admitAtOnce(budget);
        else if (gate === 'wait') await waitForTurn(own, budget, call);
        const end = await own.governor.begin(budget, callerOf(context));
        try {
          const answer = await work();
          await told('answered');
          return answer;
        } catch (error) {
          // A provider that wraps the abort must not make a cancelled call the vendor's trouble.
          const outcome = call.signal?.aborted === true ? 'unsure' : outcomeOf(error);
          await told(outcome, error instanceof VendorError ? error.facts.retryAfterMs : undefined);
          throw error;
        }

        async function told(outcome: Parameters<typeof end>[0], retryAfterMs?: number): Promise<void> {
          if (context !== null) recordVendorCall(context, account, budget, outcome);
          await end(outcome, retryAfterMs);
        }
      },
    };
  }

  async function waitForTurn(own: Kept, budget: Budget, call: CallContext): Promise<void> {
    const { signal = NEVER, urgent = false } = call;
    const patienceMs = call.patienceMs ?? (budget === 'fetch' ? FETCH_PATIENCE_MS : PATIENCE_MS);
    const atOutage = call.patienceMs === undefined ? 'leave' : 'wait';
    const waitMs = await admit(own, budget, { signal, urgent, patienceMs, atOutage });
    if (waitMs !== null) throw refusal(own.account, budget, waitMs, own.down);
  }

  async function admit({ account, governor, provider }: Kept, budget: Budget, admission: Admission) {
    const context = currentContext();
    // Who shares a quota matters where there is one.
    if (context !== null && isLimited(provider.quota)) fleet.look(nameOf(account), context);
    const startedAt = performance.now();
    try {
      return await governor.admit(budget, admission);
    } finally {
      const waitedMs = performance.now() - startedAt;
      if (context !== null && waitedMs >= LEAST_WAIT_MS) recordAdmissionWait(context, account, budget, waitedMs);
    }
  }

  const measured = (own: Kept): Governor => ({
    admit: (budget, admission) => admit(own, budget, admission),
    rate: (budget) => own.governor.rate(budget),
  });

  function govern(account: string, provider: Provider): Provider {
    const ref = { provider: provider.name, account };
    keep(ref, provider);
    const byName = governed.get(provider) ?? new Map<string, Provider>();
    governed.set(provider, byName);
    const made = byName.get(account) ?? governedProvider(provider, gatekeeperOf(ref));
    byName.set(account, made);
    return made;
  }

  return {
    of: (account, provider) => measured(kept.get(nameOf(account)) ?? keep(account, provider)),
    refusal(account, budget, waitMs) {
      return refusal(account, budget, waitMs, kept.get(nameOf(account))?.down ?? null);
    },
    governed(accounts) {
      if (typeof accounts !== 'function') {
        return governedRecord(accounts, govern);
      }
      return async (name) => {
        const provider = await accounts(name);
        return provider === undefined ? undefined : govern(name, provider);
      };
    },
  };
}

/** As the user's record is when it is asked: accounts may be added to it later. */
function governedRecord(
  accounts: Readonly<Record<string, Provider>>,
  govern: (name: string, provider: Provider) => Provider,
): Readonly<Record<string, Provider>> {
  const own = (name: string | symbol): Provider | undefined =>
    typeof name === 'string' && Object.hasOwn(accounts, name) ? accounts[name] : undefined;
  const governed = (name: string | symbol): Provider | undefined => {
    const provider = own(name);
    return provider === undefined ? undefined : govern(String(name), provider);
  };
  return new Proxy<Record<string, Provider>>(
    {},
    {
      get: (_, name) => governed(name),
      has: (_, name) => own(name) !== undefined,
      ownKeys: () => Object.keys(accounts),
      getOwnPropertyDescriptor: (_, name) =>
        own(name) && { value: governed(name), configurable: true, enumerable: true, writable: false },
    },
  );
}

const isLimited = (quota: Quota): boolean => Object.values(quota).some((limit) => typeof limit === 'number');

async function probe(provider: Provider): Promise<CallOutcome> {
  try {
    await provider.probe({ signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
    return 'answered';
  } catch (error) {
    const isLate = (error as Error | undefined)?.name === 'TimeoutError';
    return isLate ? 'failed' : outcomeOf(error);
  }
}

/** The activity, whatever its attempt. */
const callerOf = (context: Context | null): string =>
  context === null ? '' : `${context.info.workflowExecution?.runId} ${context.info.activityId}`;

/** Null outside of an activity. */
function currentContext(): Context | null {
  try {
    return Context.current();
  } catch {
    return null;
  }
}
