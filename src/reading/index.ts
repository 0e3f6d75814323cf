export type { Stored } from './format-of.js';
export { type ExtractedValue, readExtracted, type ReadExtractedOptions, readSections } from './read-extracted.js';
export { readParsed } from './read-parsed.js';
