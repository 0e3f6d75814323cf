import type { ParsedContent } from '../result-format.js';

/*
 * What a parse of Reducto's holds. Named fields are checked when they are read; whatever else the vendor sends is there besides, as it came.
 */

/** Fractions (0..1) of the page from its top left; rows and columns, from 1, of a spreadsheet. */
export interface ReductoBox {
  left: number;
  top: number;
  width: number;
  height: number;
  /** From 1, among the pages that were parsed; of a spreadsheet the sheet. */
  page: number;
  /** From 1, in the document: another one when only some pages were parsed. */
  original_page?: number | null;
  [field: string]: unknown;
}

export interface ReductoBlock {
  /** `Text`, `Title`, `Table`, `Figure`, … */
  type: string;
  bbox: ReductoBox;
  /** Of a table in the form that `table_output_format` asked for. */
  content: string;
  /** A signed URL that expires, where images were asked for. */
  image_url?: string | null;
  /** URLs likewise. */
  chart_data?: string[] | null;
  confidence?: string | null;
  extra?: { [field: string]: unknown } | null;
  [field: string]: unknown;
}

/** A piece of the text as `chunking` asked for it: without, there is one for the whole document. It has no page of its own: its blocks have. */
export interface ReductoChunk {
  content: string;
  /** The text for embeddings. */
  embed?: string | null;
  enriched?: string | null;
  enrichment_success?: boolean | null;
  blocks: ReductoBlock[];
  [field: string]: unknown;
}

export interface ReductoPage {
  /** {@link ReductoBox.page} of its blocks. */
  page: number;
  /** {@link ReductoBox.original_page}; null where the vendor does not say. */
  originalPage: number | null;
  /** In the order of the body, whichever chunks they stand in. */
  blocks: ReductoBlock[];
}

/** A parse of Reducto's. */
export interface ReductoContent extends ParsedContent {
  readonly provider: 'reducto';
  /** The chunks' contents, with an empty line between them. With `chunk_overlap` some of it comes twice. */
  text(): AsyncIterable<string>;
  /** In the vendor's order, one in memory at a time. One of more than 64 MiB is refused: its blocks and text can be read all the same. */
  chunks(): AsyncIterable<ReductoChunk>;
  /** Of all chunks, in the vendor's reading order. */
  blocks(): AsyncIterable<ReductoBlock>;
  /** Blocks of type `Table`, likewise. */
  tables(): AsyncIterable<ReductoBlock>;
  /** Blocks of type `Figure`, likewise. */
  figures(): AsyncIterable<ReductoBlock>;
  /**
   * Pages in ascending order, each once and with all of its blocks, also where a chunk spans pages or a later chunk goes back to one. The body is
   * read to its end before the first page is given, and more than once when it is large. A page without blocks is left out.
   */
  pages(): AsyncIterable<ReductoPage>;
}
