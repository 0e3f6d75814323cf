export { pulse } from './pulse.js';
export type { PulseOptions } from './options.js';
export type { PulseTypes } from './types.js';
