export { classify } from './classify.js';
export { edit } from './edit.js';
export { extract } from './extract.js';
export { parse } from './parse.js';
export { pipeline } from './pipeline.js';
export { split } from './split.js';
