export { reducto } from './reducto.js';
export type { ReductoOptions } from './options.js';
export type { ReductoTypes } from './types.js';
