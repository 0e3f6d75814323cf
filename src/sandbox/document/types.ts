import type { JsonValue } from '../../jobs/json.js';

/** Part of a page, in fractions 0..1 of its width and height; origin top-left. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The same in points; origin top-left, `bottom` > `top`. */
export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A run of text as the file holds it. */
export interface TextItem {
  text: string;
  area: Area;
  /** Font size in points. */
  size: number;
  /** Opaque: two items with the same value share font and weight. */
  font: string;
}

/** Text of a line up to the next wide gap: a table cell, a label, a value or a whole sentence. */
export interface Cell extends TextItem {
  /** What the cell was put together from, left to right; narrow table columns are told apart by them. */
  parts: TextItem[];
}

/** What stands at one height of a page, left to right. */
export interface Line {
  /** The cells' text, joined by single spaces. */
  text: string;
  area: Area;
  size: number;
  cells: Cell[];
  /** Set for lines that belong to the page and not to its text. */
  running: 'Header' | 'Footer' | 'Page Number' | null;
}

export type BlockType =
  'Title' | 'Section Header' | 'Text' | 'Table' | 'Key Value' | 'List Item' | 'Header' | 'Footer' | 'Page Number';

export interface Block {
  type: BlockType;
  /** Lines joined by newlines; a table's cells are joined by tabs. */
  text: string;
  bbox: Box;
  /** Rows of cells, the header row first. */
  table?: string[][];
}

export interface SandboxPage {
  /** 1-based, within the file. */
  number: number;
  /** Points. */
  width: number;
  height: number;
  lines: Line[];
  blocks: Block[];
}

export interface SandboxDocument {
  pages: SandboxPage[];
}

export interface ChunkBlock {
  type: BlockType;
  /** Tables in Markdown; titles without their `#`. */
  content: string;
  /** 1-based within the pages asked for. */
  page: number;
  /** 1-based within the file. */
  originalPage: number;
  bbox: Box;
  confidence: 'high' | 'low';
}

export interface Chunk {
  /** Markdown. */
  content: string;
  blocks: ChunkBlock[];
}

export type ChunkMode = 'disabled' | 'page' | 'section' | 'block' | 'variable' | 'page_sections';

/** Where a value stands in the document. */
export interface Citation {
  /** 1-based within the file. */
  page: number;
  bbox: Box;
  content: string;
  type: BlockType;
}

/** One extracted value. `value` is null and `citations` empty when the document does not have it. */
export interface FieldLeaf {
  kind: 'leaf';
  value: JsonValue;
  citations: Citation[];
}

/** Extracted values in the shape of the JSON Schema that asked for them. */
export type FieldNode =
  FieldLeaf | { kind: 'object'; fields: Record<string, FieldNode> } | { kind: 'array'; items: FieldNode[] };

export interface SplitSection {
  name: string;
  /** 1-based within the file, ascending; empty when no page speaks of the topic. */
  pages: number[];
  /** False when some page was nearly as close to another topic, or had no signal of its own. */
  confident: boolean;
}
