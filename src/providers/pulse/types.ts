/** Options are the vendor's own body fields, by the names that its reference gives them. All optional unless said otherwise. */

interface Storage {
  /** The default. Without storage there is no reference to chain with: `false` is refused. */
  enabled?: true;
  /** Made if it is missing. */
  folder_name?: string;
  /** Wins over the name. */
  folder_id?: string;
}

export interface PulseParseOptions {
  /** Default `default`. `pulse-ultra-2` costs ten times as much. */
  model?: 'default' | 'pulse-ultra-2' | (string & {});
  /** Pages as the vendor writes them, `"1-2,5"`; instead of the neutral `pages`. */
  pages?: string;
  storage?: Storage;
  figure_processing?: { description?: boolean; show_images?: boolean };
  extensions?: {
    footnoteReferences?: boolean;
    chunking?: { chunkTypes?: ('semantic' | 'header' | 'page' | 'recursive')[]; chunkSize?: number };
    altOutputs?: { wlbb?: boolean; returnHtml?: boolean; returnXml?: boolean };
  };
  spreadsheet?: {
    includeHiddenRows?: boolean;
    includeHiddenCols?: boolean;
    includeHiddenSheets?: boolean;
    useRawValues?: boolean;
    onlyDataRows?: boolean;
    onlyDataCols?: boolean;
  };
  extraction_config_id?: string;
  refine?: boolean;
  refine_options?: { tables?: boolean; text?: boolean; formatting?: boolean };
}

interface SchemaConfig {
  schema_prompt?: string;
  /** Extended reasoning; costs four times as much. */
  effort?: boolean;
}

export interface PulseExtractOptions {
  /** For the whole value, or for each section's. */
  schema_config?: SchemaConfig;
}

export interface PulseSplitOptions {
  /** A split saved at the vendor; `sections` is an empty list then. */
  split_config_id?: string;
}

interface TablesConfig {
  /** Costs 0.5 credits a table. */
  merge?: boolean;
  /** Default `html`, the only one that the vendor's pages name as supported. */
  table_format?: 'html' | 'json';
  /** Costs one credit a chart. */
  charts_to_tables?: boolean;
}

export interface PulseTablesOptions {
  tables_config?: TablesConfig;
}

export interface PulsePipelineOptions {
  /** In the order in which they run: extract alone, or then schema, tables, split, or split and schema. */
  steps: {
    extract?: PulseParseOptions;
    split?: { split_input: { name: string; description?: string }[] };
    schema?: (SchemaConfig & { input_schema: object }) | { [topic: string]: SchemaConfig & { schema: object } };
    tables?: TablesConfig;
  };
  /** The vendor deletes what the steps made once it is delivered; needs a setting of the organisation. */
  auto_delete?: boolean;
}

/** Options by operation. */
export interface PulseTypes {
  parse: PulseParseOptions;
  extract: PulseExtractOptions;
  split: PulseSplitOptions;
  tables: PulseTablesOptions;
  pipeline: PulsePipelineOptions;
}
