import type { Hono } from 'hono';
import type { SandboxCore, SandboxEnv } from './core.js';
import { pulseRoutes } from './pulse/routes.js';
import type { PulseSwitches } from './pulse/switches.js';
import { reductoRoutes } from './reducto/routes.js';
import type { ReductoSwitches } from './reducto/switches.js';

export interface VendorSwitches {
  reducto: ReductoSwitches;
  pulse: PulseSwitches;
}
export type VendorName = keyof VendorSwitches;

/** What is not known of a vendor, or depends on the account; defaults are where the switches are declared. */
export type SwitchOptions = { [V in VendorName]?: Partial<VendorSwitches[V]> };

/** Whom the sandbox stands in for; each is served under `/<name>`. */
export const VENDORS: {
  readonly [V in VendorName]: (core: SandboxCore, switches?: SwitchOptions[V]) => Hono<SandboxEnv>;
} = { reducto: reductoRoutes, pulse: pulseRoutes };

export const VENDOR_NAMES = Object.keys(VENDORS) as VendorName[];
