import type { AccountRef, PollInput, PollOutput } from '../jobs/activities.js';

/** Whether an account's webhooks come, as far as this worker's own looks show it: nobody else needs to be asked. */
export interface WebhookHealth {
  /**
   * Whether a job may wait for its call. After several in a row that had ended without calling, one job an hour may, to find out: jobs that are
   * polled seldom show that calls come again. @param now ms since the epoch.
   */
  mayTrust(account: AccountRef, now: number): boolean;
  /**
   * A look was made because the vendor had called; or it found a job ended that should have called and had not.
   * @returns which of the two, if any, and how long ago the account's last call came, ms; null when none has.
   */
  learn(
    input: Pick<PollInput, 'job' | 'webhook'>,
    found: Pick<PollOutput, 'state'>,
    now: number,
  ): { outcome: 'called' | 'missed'; ageMs: number | null } | null;
}

/** One lost call says nothing. */
const MISSED_IN_A_ROW = 3;
const TRY_EVERY_MS = 60 * 60_000;
/** Of a cancelled job not every vendor tells. */
const TOLD: ReadonlySet<PollOutput['state']> = new Set(['completed', 'failed']);

export function createWebhookHealth(): WebhookHealth {
  const missed = new Map<string, number>();
  const triedAt = new Map<string, number>();
  const calledAt = new Map<string, number>();
  const nameOf = ({ provider, account }: AccountRef): string => `${provider}/${account}`;
  return {
    mayTrust(account, now) {
      const name = nameOf(account);
      if ((missed.get(name) ?? 0) < MISSED_IN_A_ROW) return true;
      const isTime = now - (triedAt.get(name) ?? now) >= TRY_EVERY_MS;
      if (isTime || !triedAt.has(name)) triedAt.set(name, now);
      return isTime;
    },
    learn({ job, webhook }, { state }, now) {
      const name = nameOf(job);
      if (webhook === 'called') {
        missed.delete(name);
        triedAt.delete(name);
        calledAt.set(name, now);
        return { outcome: 'called', ageMs: 0 };
      }
      if (webhook !== 'awaited' || !TOLD.has(state)) return null;
      missed.set(name, (missed.get(name) ?? 0) + 1);
      const last = calledAt.get(name);
      return { outcome: 'missed', ageMs: last === undefined ? null : now - last };
    },
  };
}
