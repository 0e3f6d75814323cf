import {
  type AccountGovernor,
  type AccountGovernorOptions,
  createAccountGovernor,
} from '../../src/activities/governor/account-governor.js';
import type { Admission, Budget } from '../../src/activities/governor/governor.js';
import type { Quota } from '../../src/providers/quota.js';
import { type VirtualPace, virtualPace } from './virtual-pace.js';

export const NO_QUOTA: Quota = { requestsPerSecond: null, readsPerSecond: null };
export const reads = (readsPerSecond: number): Quota => ({ ...NO_QUOTA, readsPerSecond });

/** One account's governor, in time that a test moves. */
export interface GovernedAccount {
  pace: VirtualPace;
  governor: AccountGovernor;
  /** Names of those whose turn has come, in order, and when. */
  turns: { name: string; at: number }[];
  /** Who was sent away, and for how long. */
  away: Map<string, number>;
  ask: (name: string, over?: Partial<Admission> & { budget?: Budget }) => Promise<unknown>;
  outages: boolean[];
}

export function governedAccount(quota: Quota, over: Partial<AccountGovernorOptions> = {}): GovernedAccount {
  const pace = virtualPace();
  const turns: GovernedAccount['turns'] = [];
  const away: GovernedAccount['away'] = new Map();
  const outages: boolean[] = [];
  const onOutage = (isDown: boolean): void => void outages.push(isDown);
  const governor = createAccountGovernor({ quota, pace, onOutage, ...over });
  const ask: GovernedAccount['ask'] = async (name, { budget = 'read', ...admission } = {}) => {
    const wait = await governor.admit(budget, { signal: new AbortController().signal, ...admission });
    if (wait === null) turns.push({ name, at: pace.now() });
    else away.set(name, wait);
  };
  return { pace, governor, turns, away, ask, outages };
}
