export { pulse } from './pulse.js';
export type { PulseOptions } from './options.js';
export type { PulseChunk, PulseContent, PulseFigure, PulsePage, PulseTable, PulseText } from './content-types.js';
export type { PulseTypes } from './types.js';
