import { z } from 'zod';
import type { JsonObject, JsonValue } from '../../../jobs/json.js';
import { parseChunks } from '../../document/index.js';
import { apiError } from '../api-error.js';
import { toBlock } from '../blocks.js';
import { type AnswerContext, defineOperation } from '../operation.js';
import { asyncFields, input, parsing, type Parsing, queuePriority } from '../request-fields.js';
import { parseCredits, parseUsage } from '../usage.js';
import type { View } from '../../view.js';

const body = z
  .looseObject({
    ...asyncFields.shape,
    ...parsing.shape,
    input: input.optional(),
    document_url: input.optional(),
    queue_priority: queuePriority,
  })
  .superRefine((fields, context) => {
    if (fields.input !== undefined || fields.document_url !== undefined) return;
    context.addIssue({ code: 'custom', path: ['input'], message: 'Field required' });
  });

/**
 * Parse: chunks and blocks of the real text. Of the options it acts on page_range, chunk_mode, filter_blocks,
 * document_password, force_url_result and persist_results; tables are always Markdown.
 */
export const parse = defineOperation({
  operation: 'parse',
  type: 'Parse',
  scopes: ['SyncParseConfig', 'AsyncParseConfig'],
  asyncBlockOnSync: true,
  body,
  plan(fields) {
    rejectMix(fields);
    const { settings } = fields;
    return {
      input: {
        input: (fields.input ?? fields.document_url)!,
        chaining: 'many',
        pages: settings?.page_range ?? null,
        chainedPages: settings?.page_range ?? null,
        password: settings?.document_password ?? null,
      },
      persist: settings?.persist_results === true,
      // Parsing a parsed document again is parsing: it is billed.
      credits: (view) => parseCredits({ ...view, parsedHere: true }, fields),
      compute(view) {
        const result = fullResult(view, fields);
        return (context) => parseBody(view, result, context, settings?.force_url_result === true);
      },
    };
  },
});

/** The body that a parse without options gives; pipelines contain it. */
export function plainParseBody(view: View): (context: AnswerContext) => JsonObject {
  const result = fullResult(view, {});
  return (context) => parseBody(view, result, context, false);
}

const V3_ONLY = ['enhance', 'retrieval', 'formatting', 'spreadsheet', 'settings', 'async'];
const V2_ONLY = ['options', 'advanced_options', 'experimental_options'];

/** The older form (`document_url`) still works, but not together with the fields of the newer one. */
function rejectMix(fields: Record<string, unknown>): void {
  const has = (names: readonly string[]): boolean => names.some((name) => fields[name] !== undefined);
  if (!(has(['input', ...V3_ONLY]) && has(['document_url', ...V2_ONLY]))) return;
  throw apiError(400, 'INVALID_CONFIG', 'document_url and its options cannot be combined with input and its groups.');
}

function fullResult(view: View, { retrieval }: Parsing): JsonObject {
  const filtered = new Set(retrieval?.filter_blocks ?? []);
  const pages = view.document.pages.map((page) => ({
    ...page,
    blocks: page.blocks.filter(({ type }) => !filtered.has(type)),
  }));
  const chunks = parseChunks(
    { pages },
    { chunkMode: retrieval?.chunking?.chunk_mode ?? 'disabled', pages: view.pages },
  );
  return {
    type: 'full',
    chunks: chunks.map(({ content, blocks }) => ({
      content,
      embed: content,
      enriched: null,
      enrichment_success: false,
      blocks: blocks.map(toBlock),
    })),
    ocr: null,
    custom: null,
  };
}

function parseBody(view: View, result: JsonValue, context: AnswerContext, force: boolean): JsonObject {
  const { jobId, duration, credits, switches } = context;
  const breakdown = { parse_model: 'R-1', tier: 'Default', parse_pages: view.pages.length };
  return {
    response_type: 'parse',
    job_id: jobId,
    duration,
    pdf_url: view.bytes && !view.plainText ? context.link('converted.pdf', view.bytes, 'application/pdf') : null,
    studio_link: `https://studio.reducto.ai/job/${jobId}`,
    usage: parseUsage(view, credits, switches, breakdown),
    result: context.inlineOrUrl(result, force),
    parse_mode: null,
    document_properties: null,
  };
}
