export { reducto } from './reducto.js';
export type { ReductoOptions } from './options.js';
export type { ReductoBlock, ReductoBox, ReductoChunk, ReductoContent, ReductoPage } from './content-types.js';
export type { ReductoSecret, ReductoTypes } from './types.js';
