export { JsonBrokenError } from './json-bytes.js';
export { outlineJson, type Outline } from './json-outline.js';
export { type Choice, type JsonPath, JsonScanner } from './json-scanner.js';
export { type JsonSlice, jsonSlices } from './json-slices.js';
export { type JsonTextPiece, jsonTexts } from './json-texts.js';
export type { WantedStrings } from './json-skim.js';
export { readWhole } from './read-whole.js';
