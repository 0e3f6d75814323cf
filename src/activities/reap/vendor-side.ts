import type { Context } from '@temporalio/activity';
import type { ReapPosition, ReapProgress } from '../../jobs/reap.js';
import type { ListedJob } from '../../providers/provider.js';
import { findAccount } from '../account.js';
import type { ActivityDeps } from '../activity-deps.js';
import { reasonOf } from '../failures.js';
import type { Suspect } from './suspects.js';

const PAGE = 100;

/**
 * Running jobs of the vendor's list that carry our own namespace: those whose id never reached Temporal are found nowhere else. Jobs of other
 * namespaces, and those of nobody, are none of ours, whoever's key they were submitted with.
 */
export async function runningAtVendor(
  deps: ActivityDeps,
  context: Context,
  { accounts, cursor }: Extract<ReapPosition, { part: 'vendors' }>,
  { notes }: ReapProgress,
): Promise<{ suspects: Suspect[]; progress: Pick<ReapProgress, 'notes' | 'next'> }> {
  const [account, ...others] = accounts;
  const further = (note?: string) => ({
    notes: note === undefined ? notes : [...notes, note],
    next: others.length === 0 ? null : { part: 'vendors' as const, accounts: others },
  });
  if (account === undefined) return { suspects: [], progress: { notes, next: null } };
  const namespaceId = await deps.namespaces.of(context);
  if (namespaceId === undefined) {
    const note = "the vendors' lists were not searched: Temporal does not tell the namespace's id";
    return { suspects: [], progress: { notes: [...notes, note], next: null } };
  }
  try {
    const provider = await accountOf(deps, account);
    if (provider.listJobs === undefined) {
      const note = `${account}: ${provider.name} has no job list; its jobs are known by their workflows' histories alone`;
      return { suspects: [], progress: further(note) };
    }
    const signal = context.cancellationSignal;
    const page = await provider.listJobs({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }, { signal });
    const suspects = page.jobs.flatMap((job) => suspectOf(job, { provider: provider.name, account, namespaceId }));
    const { nextCursor } = page;
    if (nextCursor === null) return { suspects, progress: further() };
    return { suspects, progress: { notes, next: { part: 'vendors', accounts, cursor: nextCursor } } };
  } catch (error) {
    context.cancellationSignal.throwIfAborted();
    return { suspects: [], progress: further(`${account}: its job list was not searched: ${reasonOf(error)}`) };
  }
}

function suspectOf(
  { jobId, status, owner, operation, createdAt }: ListedJob,
  { provider, account, namespaceId }: { provider: string; account: string; namespaceId: string },
): Suspect[] {
  if ((status !== 'queued' && status !== 'running') || owner?.namespaceId !== namespaceId) return [];
  const job = { provider, account, operation: operation ?? 'parse', jobId };
  return [{ job, owner, foundIn: 'vendor', submittedAt: createdAt }];
}

/** Whatever its provider: here the account alone is known. */
async function accountOf({ accounts }: ActivityDeps, account: string) {
  const found = typeof accounts === 'function' ? await accounts(account) : accounts[account];
  const provider = found?.name ?? '';
  return findAccount(accounts, { provider, account }, { provider, account, operation: 'parse' });
}
