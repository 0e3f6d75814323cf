import type { AccountRef, PollInput, PollOutput } from '../jobs/activities.js';

/** Whether an account's webhooks come, as far as this worker's own looks show it: nobody else needs to be asked. */
export interface WebhookHealth {
  /** False once several jobs in a row had ended and had not called: their waits go back to polling until a call comes. */
  areBelieved(account: AccountRef): boolean;
  /** A look was made because the vendor had called; or it found a job ended that should have called and had not. */
  learn(input: Pick<PollInput, 'job' | 'webhook'>, found: Pick<PollOutput, 'state'>): void;
}

/** One lost call says nothing. */
const MISSED_IN_A_ROW = 3;
const ENDED: ReadonlySet<PollOutput['state']> = new Set(['completed', 'failed', 'cancelled']);

export function createWebhookHealth(): WebhookHealth {
  const missed = new Map<string, number>();
  const nameOf = ({ provider, account }: AccountRef): string => `${provider}/${account}`;
  return {
    areBelieved: (account) => (missed.get(nameOf(account)) ?? 0) < MISSED_IN_A_ROW,
    learn({ job, webhook }, { state }) {
      if (webhook === 'called') missed.delete(nameOf(job));
      if (webhook === 'awaited' && ENDED.has(state)) missed.set(nameOf(job), (missed.get(nameOf(job)) ?? 0) + 1);
    },
  };
}
