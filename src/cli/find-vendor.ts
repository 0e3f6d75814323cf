import { PUBLIC_SOURCES, type SourcePolicy, sourcePolicy } from '../providers/source-url.js';
import {
  createProvider,
  requireVendor,
  vendorFromEnvironment,
  vendorOfSandbox,
  type VendorConfig,
} from './accounts.js';
import { namedTemporal, type TemporalFlags } from './connect.js';
import { probeVendor } from './probe.js';
import { ensureSandbox } from './sandbox-process.js';

export interface VendorFlags extends TemporalFlags {
  account?: string;
  sandbox?: true;
  speed?: number;
}

/**
 * Finds the vendor, or starts the sandbox, and asks it whether it lets us in.
 * @returns null when the key is another worker's business: an account of its own at a Temporal that was named.
 * @throws usage error without a key, exit 4 when the vendor refuses it or can't be reached.
 */
export async function findVendor(provider: string, flags: VendorFlags, stateDir: string): Promise<VendorConfig | null> {
  const vendor = await vendorOf(provider, flags, stateDir);
  if (vendor === null) return null;
  const probed = createProvider(provider, vendor);
  try {
    await probeVendor(probed);
  } finally {
    await probed.close();
  }
  return vendor;
}

async function vendorOf(provider: string, flags: VendorFlags, stateDir: string): Promise<VendorConfig | null> {
  if (flags.sandbox) {
    const speed = flags.speed === undefined ? {} : { speed: flags.speed };
    return vendorOfSandbox(provider, await ensureSandbox(stateDir, speed));
  }
  return isElsewhere(provider, flags) ? vendorFromEnvironment(provider) : requireVendor(provider);
}

const isElsewhere = (provider: string, flags: VendorFlags): boolean =>
  flags.account !== undefined && flags.account !== provider && namedTemporal(flags) !== null;

/**
 * Where the documents of a vendor's account may lie, before anything is started.
 * @throws usage error for a variable that is not what it promises.
 */
export function sourcePolicyOf(provider: string, flags: VendorFlags): SourcePolicy {
  if (flags.sandbox) return { loopback: true, private: false };
  // Another worker's account: what it allows is not known here, and looked at there.
  if (isElsewhere(provider, flags)) return { loopback: true, private: true };
  const { baseUrl, allowPrivateSources = false } = vendorFromEnvironment(provider) ?? {};
  return baseUrl === undefined
    ? { ...PUBLIC_SOURCES, private: allowPrivateSources }
    : sourcePolicy(baseUrl, allowPrivateSources);
}
