export { extract } from './extract.js';
export { pipeline } from './pipeline.js';
export { schema } from './schema.js';
export { split } from './split.js';
export { tables } from './tables.js';
