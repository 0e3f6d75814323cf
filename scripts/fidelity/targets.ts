import { VENDORS, type Vendor } from './vendor-name.js';

/** A service that the checks are run against. */
export interface Target {
  vendor: Vendor;
  apiKey: string;
  baseUrl: string;
  /** The most pages that may be billed there. */
  pages: number;
}

const REAL = { reducto: 'https://platform.reducto.ai', pulse: 'https://api.runpulse.com' };

/**
 * The real services for which there is a key. They share the page limit evenly; what one leaves of its share the others don't get.
 * @throws Error of one line when there is no key at all
 */
export function liveTargets(env: NodeJS.ProcessEnv, maxPages: number): Target[] {
  const keyed = VENDORS.flatMap((vendor) => {
    const prefix = vendor.toUpperCase();
    const apiKey = env[`${prefix}_API_KEY`]?.trim() ?? '';
    const baseUrl = env[`${prefix}_BASE_URL`]?.trim() || REAL[vendor];
    return apiKey === '' ? [] : [{ vendor, apiKey, baseUrl: baseUrl.replace(/\/+$/, '') }];
  });
  if (keyed.length === 0) throw new Error('--live needs REDUCTO_API_KEY or PULSE_API_KEY: neither is set');
  return keyed.map((one) => ({ ...one, pages: Math.floor(maxPages / keyed.length) }));
}
