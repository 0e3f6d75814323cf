import { formatDuration } from '../../jobs/duration.js';
import type { Provider } from '../../providers/provider.js';
import { isSandboxAccount } from '../accounts.js';
import { ok, problem, skipped, type Verdict, warning } from './check.js';
import type { RecentDocuments } from './recent-documents.js';

/** How the calls of a vendor came, as the last documents show it. */
export interface WebhookFacts {
  /** Whether each document that should have been called was; the latest first. */
  called: boolean[];
  /** Since the last call, ms; null when there is none. */
  ageMs: number | null;
  /** So many documents only their worker can read. */
  unreadable: number;
}

/** As a worker sees it: one lost call says nothing, and after these no more are waited for. */
const MISSED_IN_A_ROW = 3;

/** @param now ms since the epoch. */
export function webhookFacts(
  { documents, unreadable }: RecentDocuments,
  provider: Provider,
  now: number,
): WebhookFacts {
  const isMeant = (one: { provider: string; account: string }): boolean =>
    one.provider === provider.name && !isSandboxAccount(one.account);
  const calls = documents.flatMap((document) => document.calls).filter(isMeant);
  const last = calls.reduce<number | null>((latest, { at }) => Math.max(latest ?? at, at), null);
  const called = documents.flatMap((document): boolean[] => {
    const jobs = document.jobs.filter(
      (job) => isMeant(job) && job.asked && provider.callsBack?.(job.request) !== undefined,
    );
    if (jobs.length === 0) return [];
    return [jobs.some(({ jobId }) => document.calls.some((call) => call.jobId === jobId && isMeant(call)))];
  });
  return { called, ageMs: last === null ? null : Math.max(0, now - last), unreadable };
}

/** @param account in the URLs of the receiver. */
export function webhookVerdict({ called, ageMs, unreadable }: WebhookFacts, account: string): Verdict {
  const test = `docjobs webhook --test https://<your host>/webhooks/${account}`;
  const mend = `try the receiver with "${test}"; see that the portal has its URL and the secret is the same, and that the workers have the secret too`;
  const age = ageMs === null ? 'no webhook yet' : `last webhook ${formatDuration(ageMs)} ago`;
  if (called.length === 0) {
    if (unreadable > 0)
      return skipped('not known: the last documents are encrypted, and only their worker can read them');
    return skipped(`${age}; no document has ended that should have been called`, `"${test}" tries the receiver`);
  }
  const hits = called.filter(Boolean).length;
  const since = called.indexOf(true);
  const words = `${age}; ${countText(hits, called.length)}`;
  if (hits === 0) return problem(words, mend);
  if (since >= MISSED_IN_A_ROW) return problem(`${words}: the last ${since} in a row`, mend);
  return hits < called.length - hits ? warning(words, mend) : ok(words);
}

function countText(hits: number, all: number): string {
  if (all === 1) return `the last document was ${hits === 1 ? '' : 'not '}called`;
  return `${hits} of the last ${all} documents ${hits === 1 ? 'was' : 'were'} called, ${all - hits} polled in vain`;
}
