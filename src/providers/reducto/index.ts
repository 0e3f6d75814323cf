export { reducto } from './reducto.js';
export type { ReductoOptions } from './options.js';
export type { ReductoSecret, ReductoTypes } from './types.js';
