import { optionChecks } from '../providers/option-checks.js';
import type { Provider } from '../providers/provider.js';
import * as registry from '../providers/registry.js';
import { DEFAULT_PROVIDER } from '../providers/types.js';
import { messageOf, usageError } from './cli-error.js';
import type { SandboxProcess } from './sandbox-process.js';
import { environmentSecrets } from './secrets.js';
import { parseUrl } from '../jobs/parse-url.js';

/** Where a vendor is and what opens it. */
export interface VendorConfig {
  apiKey: string;
  baseUrl?: string;
  /** See the providers' options of these names. */
  resultHosts?: readonly string[];
  allowPrivateSources?: boolean;
  webhook?: { mode: 'svix' };
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
)
  .concat(
    '  <VENDOR>_RESULT_HOSTS                 the only hosts of its results, with commas: *.storage.example',
    '  <VENDOR>_ALLOW_PRIVATE_SOURCES        1 if it runs inside your network and may fetch documents there',
    '  <VENDOR>_WEBHOOK_SECRET               it is asked to call when a job has ended; see "docjobs webhook"',
  )
  .join('\n');

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

/**
 * Key, address and what goes with them from the environment; null without a key.
 * @throws usage error that names the variable
 */
export function vendorFromEnvironment(name: string, environment = process.env): VendorConfig | null {
  checkProviderName(name);
  const apiKey = environment[keyVariable(name)]?.trim();
  const baseUrl = environment[urlVariable(name)]?.trim();
  if (!apiKey) return null;
  if (baseUrl && parseUrl(baseUrl) === null) {
    throw usageError(`${urlVariable(name)}: expected a URL such as https://platform.example.com`);
  }
  const resultHosts = hostsIn(name, environment);
  const allowPrivateSources = switchIn(privateVariable(name), environment);
  return {
    apiKey,
    ...(baseUrl ? { baseUrl } : {}),
    ...(resultHosts.length > 0 ? { resultHosts } : {}),
    ...(allowPrivateSources ? { allowPrivateSources } : {}),
    // Whoever has the secret receives what the vendor's portal sends.
    ...(environment[webhookSecretVariable(name)]?.trim() ? { webhook: { mode: 'svix' as const } } : {}),
  };
}

function hostsIn(provider: string, environment: NodeJS.ProcessEnv): readonly string[] {
  const variable = `${provider.toUpperCase()}_RESULT_HOSTS`;
  const hosts = (environment[variable] ?? '').split(',').map((host) => host.trim());
  try {
    return optionChecks(provider).hosts(
      variable,
      hosts.filter((host) => host !== ''),
    );
  } catch (error) {
    throw usageError(messageOf(error));
  }
}

/** What else looks like a word is refused: whoever wrote it meant something. */
function switchIn(variable: string, environment: NodeJS.ProcessEnv): boolean {
  const value = environment[variable]?.trim().toLowerCase() ?? '';
  if (['', '0', 'false', 'no'].includes(value)) return false;
  if (['1', 'true', 'yes'].includes(value)) return true;
  throw usageError(`${variable}: expected 1 or 0`);
}

/** `<VENDOR>_API_KEY`: each vendor's environment follows from its name. */
export function keyVariable(provider: string): string {
  return `${provider.toUpperCase()}_API_KEY`;
}

export function urlVariable(provider: string): string {
  return `${provider.toUpperCase()}_BASE_URL`;
}

/** `<VENDOR>_WEBHOOK_SECRET`. */
export const webhookSecretVariable = (provider: string): string => `${provider.toUpperCase()}_WEBHOOK_SECRET`;

export function privateVariable(provider: string): string {
  return `${provider.toUpperCase()}_ALLOW_PRIVATE_SOURCES`;
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
