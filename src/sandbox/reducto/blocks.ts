import type { JsonObject } from '../../jobs/json.js';
import type { Block, Box, ChunkBlock, Citation } from '../document/index.js';
import type { View } from '../view.js';

const PARSE_CONFIDENCE = 0.99;
const EXTRACT_CONFIDENCE = 0.98;

/** A block of a parse result. */
export function toBlock({ type, content, bbox, page, originalPage, confidence }: ChunkBlock): JsonObject {
  return {
    type,
    bbox: toBbox(bbox, { page, original_page: originalPage }),
    content,
    image_url: null,
    chart_data: null,
    confidence,
    granular_confidence: { extract_confidence: null, parse_confidence: PARSE_CONFIDENCE },
    extra: null,
  };
}

export interface CitationOptions {
  /** `bbox_only` leaves the surrounding block's text empty. */
  parentBlock: 'full' | 'bbox_only';
  numericalConfidence: boolean;
}

/** A citation of an extract result, with the block around it. */
export function toCitation(citation: Citation, view: View, options: CitationOptions): JsonObject {
  const { page, bbox, content, type } = citation;
  const numbers = pageNumbers(view, page);
  const parent = view.document.pages.find(({ number }) => number === page)?.blocks.find((block) => holds(block, bbox));
  const { type: parentType = type, bbox: parentBox = bbox, text = content } = parent ?? {};
  return {
    type,
    bbox: toBbox(bbox, numbers),
    content,
    confidence: 'high',
    granular_confidence: options.numericalConfidence
      ? { extract_confidence: EXTRACT_CONFIDENCE, parse_confidence: PARSE_CONFIDENCE }
      : null,
    parentBlock: {
      type: parentType,
      bbox: toBbox(parentBox, numbers),
      content: options.parentBlock === 'full' ? text : '',
    },
  };
}

function toBbox({ left, top, width, height }: Box, numbers: { page: number; original_page: number }): JsonObject {
  return { left, top, width, height, ...numbers };
}

function holds({ bbox }: Block, box: Box): boolean {
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  return x >= bbox.left && x <= bbox.left + bbox.width && y >= bbox.top && y <= bbox.top + bbox.height;
}

/** The vendor numbers pages twice: within those worked on, and within the source. */
function pageNumbers(view: View, original: number): { page: number; original_page: number } {
  return { page: view.pages.indexOf(original) + 1, original_page: original };
}
