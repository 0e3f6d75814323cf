export { DocumentUnreadable, type DocumentUnreadableCode } from './document-unreadable.js';
export { extractFields } from './extract-fields.js';
export { citedValue, countFields, mapTree, plainValue, type CitedLeaf, type CitedValue } from './field-tree.js';
export { parseChunks } from './parse-chunks.js';
export { readDocument } from './read-document.js';
export { splitPages } from './split-pages.js';
export type {
  Area,
  Block,
  BlockType,
  Box,
  Cell,
  Chunk,
  ChunkBlock,
  ChunkMode,
  Citation,
  FieldLeaf,
  FieldNode,
  Line,
  SandboxDocument,
  SandboxPage,
  SplitSection,
} from './types.js';
