import type { ParsedContent } from '../result-format.js';

/*
 * What a parse of Pulse's holds. Named fields are checked when they are read; whatever else the vendor sends is there besides, as it came.
 * `group` and `page` are ours, since the vendor says the one by where the item stands, and the other in more than one place.
 */

interface Item {
  /** The vendor's list that it stands in: `Title`, `Text`, `Tables`, … */
  group: string;
  /** From 1; null where the vendor does not say, as for spreadsheets. */
  page: number | null;
  [field: string]: unknown;
}

export interface PulseText extends Item {
  /** What citations name it by: `txt-1`. */
  id?: string | null;
  content: string;
  page_number?: number | null;
  /** Corners in fractions (0..1) of the page: x, y, x, y, … */
  bounding_box?: number[] | null;
}

export interface PulseTable extends Item {
  table_info: {
    /** What citations name it by: `tbl-1`. */
    id?: string | null;
    dimensions?: unknown;
    page_number?: number | null;
    [field: string]: unknown;
  };
  /** The vendor's reference does not say what a cell is like. */
  cell_data: unknown[];
}

export interface PulseFigure extends Item {
  /** What citations name it by: `fig-1`. */
  id?: string | null;
  /** `chart`, `image`. */
  visual_type?: string | null;
  /** Opens with the account's key only, where images were asked for. */
  image_url?: string | null;
  description?: string | null;
  page_number?: number | null;
}

/** A piece of the text as `extensions.chunking` asked for it. The vendor does not say on which page it stands. */
export interface PulseChunk {
  /** `semantic`, `header`, `page`, `recursive`. */
  type: string;
  content: string;
}

/** What stands on a page, by kind. The vendor does not say in which order texts, tables and figures follow each other. */
export interface PulsePage {
  page: number;
  texts: PulseText[];
  tables: PulseTable[];
  figures: PulseFigure[];
}

/** A parse of Pulse's. */
export interface PulseContent extends ParsedContent {
  readonly provider: 'pulse';
  /** The document as Markdown, its tables as HTML in it. Nothing in it tells where a page ends. */
  text(): AsyncIterable<string>;
  /** Those of one type after those of another. Nothing where no chunking was asked for. A chunk of type `page` does not say of which page. */
  chunks(): AsyncIterable<PulseChunk>;
  /** Titles, texts, headers, footers and what other text the vendor places: list by list, each in the vendor's order. */
  texts(): AsyncIterable<PulseText>;
  tables(): AsyncIterable<PulseTable>;
  /** Images and charts. */
  figures(): AsyncIterable<PulseFigure>;
  /**
   * Pages in ascending order, each once, with what the vendor places on them; what it places on none (`page` is null) is in `texts()`, `tables()`
   * and `figures()` only. The body is read to its end before the first page is given, and several times when it is large, since the vendor's lists
   * each go over all pages. A page on which nothing is placed is left out. Nothing at all where the result has no bounding boxes.
   */
  pages(): AsyncIterable<PulsePage>;
}
