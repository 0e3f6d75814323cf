import type { Provider } from '../providers/provider.js';
import * as registry from '../providers/registry.js';
import { DEFAULT_PROVIDER } from '../providers/types.js';
import { usageError } from './cli-error.js';
import type { SandboxProcess } from './sandbox-process.js';
import { environmentSecrets } from './secrets.js';

/** Where a vendor is and what opens it. */
export interface VendorConfig {
  apiKey: string;
  baseUrl?: string;
}

/** What every vendor's factory takes; one that has no use for a part leaves it. */
type Factory = (options: VendorConfig & { secrets: (name: string) => string | undefined }) => Provider;

const VENDORS: Readonly<Record<string, Factory>> = registry;

/** The default first: it is what most look for. */
export const PROVIDER_NAMES = [...new Set([DEFAULT_PROVIDER, ...Object.keys(VENDORS)])];

/** Documented in every command that may talk to a vendor. */
export const VENDOR_ENVIRONMENT = PROVIDER_NAMES.map(
  (name) =>
    `  ${`${keyVariable(name)}, ${urlVariable(name)}`.padEnd(36)}  the vendor's key and, if not its own, its address`,
).join('\n');

/** @throws usage error that says what exists. */
export function checkProviderName(name: string): string {
  if (Object.hasOwn(VENDORS, name)) return name;
  throw usageError(`--provider ${name}: unknown; there is ${PROVIDER_NAMES.join(', ')}`);
}

/** The account under which the sandbox stands in for a vendor: its documents never meet a worker with a real key. */
export const sandboxAccount = (provider: string): string => `${provider}-sandbox`;

export const isSandboxAccount = (account: string): boolean => account.endsWith('-sandbox');

export function createProvider(name: string, config: VendorConfig): Provider {
  const create = VENDORS[checkProviderName(name)];
  if (create === undefined) throw usageError(`unknown provider ${name}`);
  return create({ ...config, secrets: environmentSecrets() });
}

/** Key and address from the environment; null without a key. */
export function vendorFromEnvironment(name: string, environment = process.env): VendorConfig | null {
  checkProviderName(name);
  const apiKey = environment[keyVariable(name)]?.trim();
  const baseUrl = environment[urlVariable(name)]?.trim();
  if (!apiKey) return null;
  if (baseUrl && !URL.canParse(baseUrl)) {
    throw usageError(`${urlVariable(name)}: expected a URL such as https://platform.example.com`);
  }
  return { apiKey, ...(baseUrl ? { baseUrl } : {}) };
}

/** `<VENDOR>_API_KEY`: each vendor's environment follows from its name. */
export function keyVariable(provider: string): string {
  return `${provider.toUpperCase()}_API_KEY`;
}

export function urlVariable(provider: string): string {
  return `${provider.toUpperCase()}_BASE_URL`;
}

/** @throws usage error that names both ways on when there is no key. */
export function requireVendor(provider: string): VendorConfig {
  const config = vendorFromEnvironment(provider);
  if (config !== null) return config;
  throw usageError(
    `no key for ${provider}: set ${keyVariable(provider)} to your key, or add --sandbox to try it on the local stand-in`,
  );
}

/** @throws usage error when the environment has a key for no vendor. */
export function requireAnyVendor(): void {
  if (PROVIDER_NAMES.every((name) => vendorFromEnvironment(name) === null)) requireVendor(DEFAULT_PROVIDER);
}

/** The vendor of an account that nobody has said more of: accounts are called after their vendors unless told otherwise. */
export function vendorOfAccount(account: string): string {
  const name = account.replace(/-sandbox$/, '');
  return Object.hasOwn(VENDORS, name) ? name : DEFAULT_PROVIDER;
}

export function vendorOfSandbox(provider: string, sandbox: Pick<SandboxProcess, 'url' | 'key'>): VendorConfig {
  return { apiKey: sandbox.key, baseUrl: `${sandbox.url}/${provider}` };
}
