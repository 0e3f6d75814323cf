import { fileURLToPath } from 'node:url';
import { allowedRoots } from '../activities/allowed-roots.js';
import { createDocumentActivities } from '../activities/index.js';
import type { SourceResolver } from '../activities/source-resolver.js';
import type { DocumentActivities } from '../jobs/activities.js';
import type { BatchActivities } from '../jobs/batch-activities.js';
import { ACTIVITY } from '../jobs/names.js';
import type { Provider } from '../providers/provider.js';
import { fileStore } from '../results/index.js';
import type { ResultStore } from '../results/result-store.js';
import { createProvider, isSandboxAccount, requireVendor, vendorOfAccount, vendorOfSandbox } from './accounts.js';
import { ensureSandbox } from './sandbox-process.js';
import { isRememberedSource, providerOfAccount, rememberedFolders } from './state-dir.js';

export interface LocalFolders {
  /** The result store, or its folder. */
  results: string | ResultStore;
  /** Folders whose files may be uploaded, beside the files that command lines have named. */
  allow?: readonly string[];
}

/** The activities of a command's own worker: it knows what the commands of its state folder have left there. */
export function localActivities(
  stateDir: string,
  { results, allow = [] }: LocalFolders,
  accounts: AccountLookup = localAccounts(stateDir),
): DocumentActivities & BatchActivities {
  const manifests: string[] = [];
  const store = typeof results === 'string' ? fileStore(results) : results;
  const options = { accounts, results: store, sources: localSources(stateDir, allow), manifests };
  const activities = createDocumentActivities(options);
  return {
    ...activities,
    async [ACTIVITY.planBatch](input) {
      // Looked up for each plan: another command may have named its folder since this worker started.
      manifests.splice(0, manifests.length, ...allow, ...(await rememberedFolders(stateDir)));
      return activities[ACTIVITY.planBatch](input);
    },
  };
}

type AccountLookup = (account: string) => Promise<Provider>;

/** Looked up for each job: a sandbox that has ended meanwhile is started again. */
function localAccounts(stateDir: string): AccountLookup {
  const open = new Map<string, Provider>();
  return async (account) => {
    const name = (await providerOfAccount(stateDir, account)) ?? vendorOfAccount(account);
    const sandbox = isSandboxAccount(account) ? await ensureSandbox(stateDir) : null;
    const config = sandbox === null ? requireVendor(name) : vendorOfSandbox(name, sandbox);
    const key = `${name} ${config.baseUrl ?? ''}`;
    const provider = open.get(key) ?? createProvider(name, config);
    open.set(key, provider);
    return provider;
  };
}

/** Files that command lines have named, and those under the allowed folders. Looked up for each upload, as commands come and go. */
function localSources(stateDir: string, allow: readonly string[]): SourceResolver {
  return async (source, context) => {
    const path = source.startsWith('file:') ? fileURLToPath(source) : source;
    const named = (await isRememberedSource(stateDir, path)) ? [path] : [];
    return allowedRoots([...allow, ...named, ...(await rememberedFolders(stateDir))])(source, context);
  };
}
