import { ApplicationFailure } from '@temporalio/common';
import type { AccountRef } from '../jobs/activities.js';
import type { FailureContext } from '../jobs/failures.js';
import type { Provider } from '../providers/provider.js';
import { documentFailure } from './failures.js';

/** Accounts by name, or a function that finds one (and may answer undefined for a name it does not know). */
export type Accounts =
  Readonly<Record<string, Provider>> | ((name: string) => Provider | undefined | Promise<Provider | undefined>);

/**
 * The configured provider behind an account name.
 * @throws DocumentAccountUnknown, or a failure that Temporal retries when the user's own function threw.
 */
export async function findAccount(accounts: Accounts, ref: AccountRef, about: FailureContext): Promise<Provider> {
  const provider = await lookUp(accounts, ref.account);
  if (provider === undefined) {
    const known = typeof accounts === 'function' ? '' : ` (it has: ${Object.keys(accounts).join(', ') || 'none'})`;
    throw documentFailure(
      'DocumentAccountUnknown',
      `the worker has no account "${ref.account}"${known}: name another one, or add it to the worker's accounts`,
      about,
    );
  }
  if (provider.name !== ref.provider) {
    throw documentFailure(
      'DocumentAccountUnknown',
      `account "${ref.account}" belongs to ${provider.name}, not to ${ref.provider}: name an account of ${ref.provider}`,
      about,
    );
  }
  return provider;
}

async function lookUp(accounts: Accounts, name: string): Promise<Provider | undefined> {
  if (typeof accounts !== 'function') return Object.hasOwn(accounts, name) ? accounts[name] : undefined;
  try {
    return await accounts(name);
  } catch (error) {
    // Its message is not ours to publish: it may come from a secret manager.
    const kind = error instanceof Error ? error.name : 'an error';
    throw ApplicationFailure.create({ type: 'DocumentAccountTrouble', message: `accounts("${name}") threw ${kind}` });
  }
}
