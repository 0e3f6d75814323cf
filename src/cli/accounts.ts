import { reducto } from '../providers/reducto/index.js';
import type { Provider } from '../providers/provider.js';
import { usageError } from './cli-error.js';
import type { SandboxProcess } from './sandbox-process.js';

/** Where a vendor is and what opens it. */
export interface VendorConfig {
  apiKey: string;
  baseUrl?: string;
}

/** One line a vendor: its environment and how to make it. `${prefix}_API_KEY` and `${prefix}_BASE_URL` are read. */
const VENDORS: Readonly<Record<string, { prefix: string; create(config: VendorConfig): Provider }>> = {
  reducto: { prefix: 'REDUCTO', create: reducto },
};

export const DEFAULT_PROVIDER = 'reducto';
export const PROVIDER_NAMES = Object.keys(VENDORS);

/** Documented in every command that may talk to a vendor. */
export const VENDOR_ENVIRONMENT = Object.values(VENDORS)
  .map(
    ({ prefix }) =>
      `  ${`${prefix}_API_KEY, ${prefix}_BASE_URL`.padEnd(36)}  the vendor's key and, if not its own, its address`,
  )
  .join('\n');

/** @throws usage error that says what exists. */
export function checkProviderName(name: string): string {
  if (name in VENDORS) return name;
  throw usageError(`--provider ${name}: unknown; there is ${PROVIDER_NAMES.join(', ')}`);
}

/** The account under which the sandbox stands in for a vendor: its documents never meet a worker with a real key. */
export const sandboxAccount = (provider: string): string => `${provider}-sandbox`;

export const isSandboxAccount = (account: string): boolean => account.endsWith('-sandbox');

export function createProvider(name: string, config: VendorConfig): Provider {
  const vendor = VENDORS[checkProviderName(name)];
  if (vendor === undefined) throw usageError(`unknown provider ${name}`);
  return vendor.create(config);
}

/** Key and address from the environment; null without a key. */
export function vendorFromEnvironment(name: string, environment = process.env): VendorConfig | null {
  const prefix = VENDORS[checkProviderName(name)]?.prefix;
  const apiKey = environment[`${prefix}_API_KEY`]?.trim();
  const baseUrl = environment[`${prefix}_BASE_URL`]?.trim();
  if (!apiKey) return null;
  if (baseUrl && !URL.canParse(baseUrl)) {
    throw usageError(`${prefix}_BASE_URL: expected a URL such as https://platform.example.com`);
  }
  return { apiKey, ...(baseUrl ? { baseUrl } : {}) };
}

export const keyVariable = (provider: string): string => `${VENDORS[provider]?.prefix}_API_KEY`;
export const urlVariable = (provider: string): string => `${VENDORS[provider]?.prefix}_BASE_URL`;

/** @throws usage error that names both ways on when there is no key. */
export function requireVendor(provider: string): VendorConfig {
  const config = vendorFromEnvironment(provider);
  if (config !== null) return config;
  throw usageError(
    `no key for ${provider}: set ${keyVariable(provider)} to your key, or add --sandbox to try it on the local stand-in`,
  );
}

export function vendorOfSandbox(provider: string, sandbox: SandboxProcess): VendorConfig {
  return { apiKey: sandbox.key, baseUrl: `${sandbox.url}/${provider}` };
}
