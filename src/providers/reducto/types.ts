/*
 * Request bodies of Reducto's V3 API under the vendor's own names. Type-only: the workflow side imports them. Every group is optional;
 * the defaults are the vendor's. `input`, the extract schema and the split topics are set from neutral fields, not here.
 */

type PageRange = { start?: number; end?: number } | { start?: number; end?: number }[] | number[] | string[];

interface Enhance {
  agentic?: (
    | { scope: 'table'; prompt?: string | null; mode?: 'default' | 'auto' | 'max' }
    | { scope: 'figure'; prompt?: string | null; advanced_chart_agent?: boolean }
    | { scope: 'text'; prompt?: string | null }
  )[];
  advanced_chart_agent?: boolean;
  /** Legacy model only. */
  summarize_figures?: boolean;
  /** Legacy model only. */
  intelligent_ordering?: boolean;
}

interface Retrieval {
  chunking?: {
    /** Default `disabled`: one chunk for the whole document. */
    chunk_mode?: 'variable' | 'section' | 'page' | 'disabled' | 'block' | 'page_sections';
    chunk_size?: number | null;
    chunk_overlap?: number;
  };
  filter_blocks?: string[];
  embedding_optimized?: boolean;
}

interface Formatting {
  add_page_markers?: boolean;
  table_output_format?: 'html' | 'json' | 'md' | 'jsonbbox' | 'dynamic' | 'csv';
  merge_tables?: boolean;
  include?: ('change_tracking' | 'highlight' | 'comments' | 'hyperlinks' | 'signatures' | 'ignore_watermarks')[];
}

interface Spreadsheet {
  split_large_tables?: { enabled?: boolean; size?: number | { row?: number | null; column?: number | null } };
  include?: ('cell_colors' | 'formula' | 'dropdowns')[];
  clustering?: 'accurate' | 'fast' | 'disabled';
  exclude?: ('hidden_sheets' | 'hidden_rows' | 'hidden_cols' | 'styling' | 'spreadsheet_images')[];
  max_cell_count?: number | null;
}

/** A secret by its name: the account's `secrets` gives its value on the worker, so that none stands in Temporal's history. */
export interface ReductoSecret {
  secret: string;
}

interface ParseSettings {
  /** Always sent: this package pins `r-1` when nothing is set, because the vendor's default changes on 2026-12-07. */
  model?: 'r-1' | 'legacy' | (string & {});
  ocr_system?: 'standard' | 'legacy';
  extraction_mode?: 'ocr' | 'hybrid';
  force_url_result?: boolean;
  force_file_extension?: string | null;
  return_ocr_data?: boolean;
  return_images?: ('figure' | 'table' | 'page')[];
  return_citations?: boolean;
  embed_pdf_metadata?: boolean;
  embed_pdf_metadata_dpi?: number;
  extract_document_properties?: boolean;
  /** Keeps the result for ever, where the account is opted in: say so with the account's `persistsResults`. */
  persist_results?: boolean;
  tenant_throttling?: { tenant_id: string; max_share?: number } | null;
  /** Seconds. */
  timeout?: number | null;
  page_range?: PageRange | null;
  document_password?: ReductoSecret | null;
  hybrid_vpc?: { environment?: string | null };
}

interface Parsing {
  enhance?: Enhance;
  retrieval?: Retrieval;
  formatting?: Formatting;
  spreadsheet?: Spreadsheet;
  settings?: ParseSettings;
}

interface AsyncBlock {
  /** Any JSON object; ours is added to it under `documentJobs`. */
  metadata?: { [key: string]: unknown };
  priority?: boolean;
  webhook?: { mode: 'svix'; channels?: string[] } | { mode: 'direct'; url: string } | null;
}

type QueuePriority = 'auto' | 'standard' | 'batch';

export interface ReductoParseOptions extends Parsing {
  async?: AsyncBlock;
  queue_priority?: QueuePriority;
}

export interface ReductoExtractOptions {
  /** Ignored by the vendor on a parsed document. */
  parsing?: Parsing;
  instructions?: { system_prompt?: string };
  settings?: {
    include_images?: boolean;
    optimize_for_latency?: boolean;
    array_extract?: boolean;
    deep_extract?: boolean;
    citations?: { enabled?: boolean; numerical_confidence?: boolean; parent_block?: 'full' | 'bbox_only' };
    force_url_result?: boolean;
    page_range?: PageRange;
  };
  async?: AsyncBlock;
  queue_priority?: QueuePriority;
}

export interface ReductoSplitOptions {
  /** Ignored by the vendor on a parsed document. */
  parsing?: Parsing;
  split_rules?: string;
  settings?: {
    table_cutoff?: 'truncate' | 'preserve';
    allow_page_overlap?: boolean;
    auto_partition?: boolean;
    deep_split?: boolean;
    force_url_result?: boolean;
  };
  async?: AsyncBlock;
}

/** @deprecated by the vendor, which names no replacement: parse once, then extract and split the parsed document. */
export interface ReductoPipelineOptions {
  pipeline_id: string;
  settings?: { document_password?: ReductoSecret | null };
  async?: AsyncBlock;
}

export interface ReductoEditOptions {
  edit_instructions: string;
  edit_options?: {
    color?: string;
    font_size?: number | null;
    llm_provider_preference?: 'openai' | 'anthropic' | 'google' | null;
    enable_overflow_pages?: boolean;
    flatten?: boolean;
  };
  form_schema?: object[] | null;
  priority?: boolean;
  webhook?: {
    mode: 'disabled' | 'svix' | 'direct';
    url?: string;
    metadata?: { [key: string]: unknown };
    channels?: string[];
  };
}

export interface ReductoClassifyOptions {
  classification_schema?: { category: string; criteria: string[] }[];
  page_range?: PageRange;
  document_metadata?: string | null;
  model?: 'default' | 'accurate';
  priority?: boolean;
  force_url_result?: boolean;
  category_groups?: Record<string, string[]>;
  async?: AsyncBlock;
}

/** Options by operation. */
export interface ReductoTypes {
  parse: ReductoParseOptions;
  extract: ReductoExtractOptions;
  split: ReductoSplitOptions;
  /** @deprecated by the vendor, which names no replacement: parse once, then extract and split the parsed document. */
  pipeline: ReductoPipelineOptions;
  edit: ReductoEditOptions;
  classify: ReductoClassifyOptions;
}
