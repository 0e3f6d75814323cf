import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createClock } from './clock.js';
import { controlRoutes } from './control.js';
import type { SandboxCore, SandboxEnv } from './core.js';
import { createDocumentCache } from './document-cache.js';
import { createDurations, type Durations } from './durations.js';
import { createFaults, type Faults } from './faults.js';
import { createFiles } from './files.js';
import { createJobControls, type JobControls } from './job-controls.js';
import { createJobs } from './jobs.js';
import { createLedger, type Ledger } from './ledger.js';
import { createLimits, type Limits } from './limits.js';
import { checkOptions, DEFAULT_DURATION, DEFAULT_KEY, UPLOAD_LIFETIME_MS, type SandboxOptions } from './options.js';
import { seededRandom } from './random.js';
import { createSourceFetcher } from './source-fetcher.js';
import { createStorage, STORAGE_PATH } from './storage.js';
import { storageRoutes } from './storage-routes.js';
import { VENDOR_NAMES, VENDORS, type SwitchOptions, type VendorName } from './vendors.js';
import { createWebhooks, type WebhookControls } from './webhooks/create-webhooks.js';

/** What a provider such as `reducto()` wants. */
export interface VendorAccess {
  apiKey: string;
  /** `http://127.0.0.1:PORT/<vendor>`, without a slash at the end. */
  baseUrl: string;
}

/** A running sandbox; each vendor's access stands under its name. */
export interface Sandbox extends Record<VendorName, VendorAccess>, AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  ledger: Ledger;
  faults: Faults;
  limits: Limits;
  durations: Durations;
  jobs: JobControls;
  webhooks: WebhookControls;
  /** Ends all connections, held calls too. */
  close(): Promise<void>;
}

/**
 * Starts a local stand-in for vendors' HTTP APIs. It computes its answers from the real document, but it is no model.
 * @throws Error of one line for a wrong option; the system's error when the port can't be listened on
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  checkOptions(options);
  const { host = '127.0.0.1', port = 0, key = DEFAULT_KEY, speed = 1, seed = 1, allowPrivateSources = false } = options;
  const closing = new AbortController();
  const clock = createClock(options.now ?? Date.now);
  const durations = createDurations(options.duration ?? DEFAULT_DURATION, speed);
  // Streams of their own, so that a fault rule does not change how long jobs take.
  const faults = createFaults(options.faults ?? [], seededRandom(seed + 1));
  const limits = createLimits(options.limits ?? {});
  const jobs = createJobs({ clock, durations, random: seededRandom(seed), faultsOf: faults.forJob });
  const storage = createStorage();
  const files = createFiles(storage, UPLOAD_LIFETIME_MS);
  const sending = { clock, jobs, faults, closing: closing.signal, host, speed, options: options.webhooks ?? {} };
  const webhooks = createWebhooks(sending);
  const ledger = createLedger(jobs, clock, () => webhooks.deliveries());
  const readDocument = createDocumentCache();
  const sources = createSourceFetcher({ host, allowPrivateSources, closing: closing.signal });
  const held = { storage, files, sources, readDocument, webhooks };
  const core = { key, clock, jobs, ledger, faults, limits, ...held, closing: closing.signal };
  await clock.now();

  const app = routes(core, options);
  const answer = getRequestListener((request, env) => app.fetch(request, env), { overrideGlobalObjects: false });
  const server = createServer((request, response) => void answer(request, response));
  await listen(server, port, host);
  const url = `http://${reachable(host)}:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    closing.abort();
    faults.releaseAll();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    await Promise.all([sources.close(), webhooks.close()]);
  };
  return {
    url,
    ...accesses(url, key),
    ledger,
    faults,
    limits,
    durations,
    jobs: createJobControls(jobs, clock),
    webhooks,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function routes(core: SandboxCore, options: SandboxOptions): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>().route('/_sandbox', controlRoutes(core)).route(STORAGE_PATH, storageRoutes(core));
  const switches: SwitchOptions = options;
  const mount = <V extends VendorName>(name: V): void => {
    app.route(`/${name}`, VENDORS[name](core, switches[name]));
  };
  VENDOR_NAMES.forEach((name) => mount(name));
  return app;
}

function accesses(url: string, key: string): Record<VendorName, VendorAccess> {
  const entries = VENDOR_NAMES.map((name) => [name, { apiKey: key, baseUrl: `${url}/${name}` }]);
  return Object.fromEntries(entries) as Record<VendorName, VendorAccess>;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A server on all interfaces is reached at loopback; IPv6 addresses stand in brackets in a URL. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
