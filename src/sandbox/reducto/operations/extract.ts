import { z } from 'zod';
import type { JsonObject, JsonValue } from '../../../jobs/json.js';
import { extractFields, type FieldNode, mapTree, plainValue } from '../../document/index.js';
import { apiError } from '../api-error.js';
import { type CitationOptions, toCitation } from '../blocks.js';
import { type AnswerContext, defineOperation } from '../operation.js';
import { asyncFields, input, pageRange, parsing, queuePriority } from '../request-fields.js';
import { countSchemaFields, hasTopLevelList } from '../schema-fields.js';
import { parseCredits } from '../usage.js';
import type { View } from '../../view.js';

const PER_PAGE = 2;
const DEEP_PER_PAGE = 4;
const DEEP_PER_FIELD = 0.1;
const DEEP_MINIMUM = 30;

const body = z.looseObject({
  ...asyncFields.shape,
  input,
  parsing: parsing.nullish(),
  queue_priority: queuePriority,
  instructions: z
    .looseObject({ schema: z.record(z.string(), z.json()).optional(), system_prompt: z.string().nullish() })
    .nullish(),
  settings: z
    .looseObject({
      array_extract: z.boolean().nullish(),
      deep_extract: z.boolean().nullish(),
      citations: z
        .looseObject({
          enabled: z.boolean().nullish(),
          numerical_confidence: z.boolean().nullish(),
          parent_block: z.enum(['full', 'bbox_only']).nullish(),
        })
        .nullish(),
      force_url_result: z.boolean().nullish(),
      page_range: pageRange.nullish(),
    })
    .nullish(),
});

/** Extract: the values that the schema's properties name, found in the real text. */
export const extract = defineOperation({
  operation: 'extract',
  type: 'Extract',
  scopes: ['SyncExtractConfig', 'AsyncExtractConfig'],
  asyncBlockOnSync: true,
  body,
  plan({ input, parsing, instructions, settings }) {
    const schema = checkedSchema(instructions?.schema, settings?.array_extract === true);
    const fields = countSchemaFields(schema);
    const deep = settings?.deep_extract === true;
    const cited = settings?.citations?.enabled === true;
    const citations: CitationOptions = {
      parentBlock: settings?.citations?.parent_block ?? 'full',
      numericalConfidence: settings?.citations?.numerical_confidence !== false,
    };
    return {
      input: {
        input,
        chaining: 'many',
        pages: settings?.page_range ?? parsing?.settings?.page_range ?? null,
        chainedPages: settings?.page_range ?? null,
        password: parsing?.settings?.document_password ?? null,
      },
      persist: parsing?.settings?.persist_results === true,
      credits: ({ pages, ...view }) =>
        parseCredits({ pages, ...view }, parsing) +
        (deep
          ? Math.max(DEEP_MINIMUM, DEEP_PER_PAGE * pages.length + DEEP_PER_FIELD * fields)
          : PER_PAGE * pages.length),
      compute(view) {
        const tree = extractFields(view.document, schema, { pages: view.pages });
        const forms: Forms = {
          plain: plainValue(tree),
          wrapped: cited ? wrapLeaves(tree, view, citations) : null,
          beside: cited ? citationTree(tree, view, citations) : null,
        };
        return (context) =>
          extractBody(view, forms, context, { fields, deep, force: settings?.force_url_result === true });
      },
    };
  },
});

/** The vendor has two forms of the same answer; `wrapped` and `beside` are null without citations. */
interface Forms {
  plain: JsonValue;
  /** Each leaf is `{ value, citations }`. */
  wrapped: JsonValue;
  /** Each leaf is its list of citations. */
  beside: JsonValue;
}

function checkedSchema(schema: JsonObject | undefined, listWanted: boolean): JsonObject {
  const given = schema ?? {};
  if (Object.keys(given).length > 0 && given.type !== 'object') {
    throw apiError(422, 'INVALID_SCHEMA', 'The schema must have "type": "object" at its top level.');
  }
  if (listWanted && !hasTopLevelList(given)) {
    throw apiError(422, 'INVALID_SCHEMA', 'array_extract needs a list among the schema’s top-level properties.');
  }
  return { type: 'object', ...given };
}

function wrapLeaves(tree: FieldNode, view: View, options: CitationOptions): JsonValue {
  return mapTree<JsonValue>(tree, ({ value, citations }) => ({
    value,
    citations: citations.map((citation) => toCitation(citation, view, options)),
  }));
}

function citationTree(tree: FieldNode, view: View, options: CitationOptions): JsonValue {
  return mapTree<JsonValue>(tree, ({ citations }) => citations.map((citation) => toCitation(citation, view, options)));
}

function extractBody(
  view: View,
  { plain, wrapped, beside }: Forms,
  { jobId, duration, credits, switches, inlineOrUrl }: AnswerContext,
  { fields, deep, force }: { fields: number; deep: boolean; force: boolean },
): JsonObject {
  const { extractForm, pricing } = switches;
  const v3 = extractForm === 'auto' ? wrapped !== null : extractForm === 'v3_extract';
  const breakdown = {
    extract_model: deep ? 'Deep Extract' : 'Extract',
    tier: 'Default',
    extract_pages: view.pages.length,
    extract_fields: fields,
  };
  const common = {
    job_id: jobId,
    usage: {
      num_pages: view.pages.length,
      num_fields: fields,
      credits: pricing === 'credits' ? credits : null,
      extract_mode: 'extract',
      ...(pricing === 'quantities' && { usage_breakdown: breakdown }),
    },
    studio_link: `https://studio.reducto.ai/job/${jobId}`,
    duration,
  };
  if (v3) return { response_type: 'v3_extract', ...common, result: inlineOrUrl(wrapped ?? plain, force) };
  return {
    response_type: 'extract',
    ...common,
    result: inlineOrUrl([plain], force),
    citations: beside === null ? null : [beside],
  };
}
