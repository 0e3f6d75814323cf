import type { JsonObject } from '../../../jobs/json.js';
import type { View } from '../../view.js';
import { uncoded } from '../api-error.js';
import type { ExtractOptions } from '../request-fields.js';
import { boundingBoxes } from './bounding-boxes.js';
import { checkSchema } from './check-schema.js';
import { chunksOf, type ChunkType } from './chunks.js';
import { citeIn } from './cite.js';
import { htmlOf } from './html.js';
import { markdownOf } from './markdown.js';
import { placeBlocks, type PlacedBlock } from './place-blocks.js';
import { valuesOf } from './values.js';
import { wordsOf } from './words.js';

/** @throws ApiError for a saved configuration, or a schema that is none */
export function checkExtractOptions(options: ExtractOptions): void {
  if (options.extraction_config_id != null) throw uncoded(404, 'extraction_config_id not found');
  const schema = schemaOf(options);
  if (schema) checkSchema(schema);
}

/** @param id null without storage: then nothing can be chained */
export function extraction(view: View, options: ExtractOptions, id: string | null): JsonObject {
  const placed = placeBlocks(view);
  const extensions = extensionsOf(view, placed, options);
  const schema = schemaOf(options);
  const warnings = warningsOf(options);
  const legacyChunks = (options.chunking ?? '').split(',').map((type) => type.trim());
  const chunkTypes = legacyChunks.filter((type): type is ChunkType => type in CHUNK_TYPES);
  return {
    markdown: markdownOf(placed),
    page_count: view.pages.length,
    ...(id !== null && {
      extraction_id: id,
      extraction_url: `https://platform.runpulse.com/extractions/${id}`,
    }),
    bounding_boxes: boundingBoxes(placed),
    ...(Object.keys(extensions).length > 0 && { extensions }),
    ...(schema && {
      structured_output: valuesOf({ ...view, cite: citeIn(placed) }, schema),
      input_schema: schema,
    }),
    ...(options.return_html === true && { html: htmlOf(placed) }),
    ...(chunkTypes.length > 0 && { chunks: chunksOf(placed, chunkTypes, options.chunk_size) }),
    ...(warnings.length > 0 && { warnings }),
  };
}

const CHUNK_TYPES: Record<ChunkType, true> = { semantic: true, header: true, page: true, recursive: true };

/** Only what was asked for is there. Its keys are camelCase, whatever the request's were. */
function extensionsOf(view: View, placed: readonly PlacedBlock[], { extensions }: ExtractOptions): JsonObject {
  const { chunking, alt_outputs: alternatives, footnote_references: footnotes } = extensions ?? {};
  const altOutputs = {
    ...(alternatives?.wlbb === true && { wlbb: { words: wordsOf(view) } }),
    ...(alternatives?.return_html === true && { html: htmlOf(placed) }),
  };
  const types = chunking?.chunk_types ?? [];
  return {
    ...(types.length > 0 && { chunking: chunksOf(placed, types, chunking?.chunk_size) }),
    ...(Object.keys(altOutputs).length > 0 && { altOutputs }),
    ...(footnotes === true && { footnoteReferences: [] }),
  };
}

function schemaOf({ structured_output, schema }: ExtractOptions): JsonObject | null {
  return structured_output?.schema ?? schema ?? null;
}

const DEPRECATED = ['structured_output', 'schema', 'return_html', 'chunking', 'chunk_size'] as const;

function warningsOf(options: ExtractOptions): string[] {
  return DEPRECATED.filter((name) => options[name] != null).map((name) => `${name} is deprecated.`);
}
