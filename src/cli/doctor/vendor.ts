import type { Provider } from '../../providers/provider.js';
import { createProvider, keyVariable, vendorFromEnvironment, type VendorConfig, vendorOfSandbox } from '../accounts.js';
import { probeVendor } from '../probe.js';
import { livingSandbox } from '../sandbox-process.js';
import { fromError, ok, skipped, type Verdict } from './check.js';
import { clockVerdict } from './clock.js';
import { ASK_LIMIT_MS } from './limited.js';
import { withReplyClock } from './reply-clock.js';

/** What the environment has of a vendor. */
export interface ConfiguredVendor {
  name: string;
  /** The sandbox stands in for it. */
  sandbox: boolean;
  config: VendorConfig;
  provider: Provider;
}

/** What one question to a vendor tells. */
export interface VendorVerdicts {
  key: Verdict;
  clock: Verdict;
}

/**
 * A vendor as the environment, or the living sandbox of the state folder, has it. Starts nothing.
 * @returns a verdict when there is nothing to ask.
 */
export async function configuredVendor(
  name: string,
  { sandbox, stateDir }: { sandbox: boolean; stateDir: string },
): Promise<ConfiguredVendor | Verdict> {
  try {
    const config = sandbox ? await sandboxVendor(name, stateDir) : vendorFromEnvironment(name);
    if (config === null) return noKey(name, sandbox);
    return { name, sandbox, config, provider: createProvider(name, config) };
  } catch (error) {
    return fromError(error);
  }
}

async function sandboxVendor(name: string, stateDir: string): Promise<VendorConfig | null> {
  const living = await livingSandbox(stateDir);
  return living === null ? null : vendorOfSandbox(name, living);
}

function noKey(name: string, sandbox: boolean): Verdict {
  if (sandbox) return skipped('the sandbox does not run now; the next command starts it');
  return skipped('no key', `set ${keyVariable(name)} to your key, or add --sandbox to try it on the local stand-in`);
}

/** Asks the vendor one cheap question: whether it takes the key, and what time it has. */
export async function askVendor({ name, sandbox, config, provider }: ConfiguredVendor): Promise<VendorVerdicts> {
  const { outcome, clock } = await withReplyClock(() => probeVendor(provider, ASK_LIMIT_MS));
  await provider.close();
  const where = config.baseUrl === undefined ? '' : ` at ${new URL(config.baseUrl).host}`;
  const who = `${sandbox ? 'the sandbox' : name}${where}`;
  return {
    key: outcome.status === 'fulfilled' ? ok(`${who} takes the key`) : fromError(outcome.reason),
    clock: clockVerdict(clock, name),
  };
}
